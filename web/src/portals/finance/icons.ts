/** The drawings of the menu. */
export {
  AccountBookOutlined,
  AuditOutlined,
  BarChartOutlined,
  DashboardOutlined,
  FileTextOutlined,
  RollbackOutlined,
  SwapOutlined,
  TrophyOutlined,
  WalletOutlined,
} from '@ant-design/icons'
