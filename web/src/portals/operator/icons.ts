/** The icons of the menu. */
export {
  AppstoreOutlined,
  BarChartOutlined,
  DashboardOutlined,
  FileTextOutlined,
  HistoryOutlined,
  MailOutlined,
  RollbackOutlined,
  ShopOutlined,
  ToolOutlined,
  TransactionOutlined,
  UserOutlined,
  WalletOutlined,
} from '@ant-design/icons'
