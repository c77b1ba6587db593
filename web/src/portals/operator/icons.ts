/** The icons of the menu. */
export {
  BarChartOutlined,
  DashboardOutlined,
  HistoryOutlined,
  MailOutlined,
  ShopOutlined,
  TransactionOutlined,
  WalletOutlined,
} from '@ant-design/icons'
