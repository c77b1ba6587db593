/** The icons of the menu. */
export {
  AppstoreOutlined,
  BarChartOutlined,
  DashboardOutlined,
  LineChartOutlined,
  ShopOutlined,
  TableOutlined,
  TeamOutlined,
} from '@ant-design/icons'
