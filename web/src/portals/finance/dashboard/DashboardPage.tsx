import { Col, Flex, Row } from 'antd'
import { Page } from '@/shared/Page'
import { MonthTrend } from './MonthTrend'
import { TodayTiles } from './TodayTiles'
import { TopCustomers } from './TopCustomers'
import { Waiting } from './Waiting'

export default function DashboardPage() {
  return (
    <Page>
      <TodayTiles />
      <Row gutter={[16, 16]}>
        <Col xs={24} lg={16}>
          <MonthTrend />
        </Col>
        <Col xs={24} lg={8}>
          <Flex vertical gap={16}>
            <Waiting />
            <TopCustomers />
          </Flex>
        </Col>
      </Row>
    </Page>
  )
}
