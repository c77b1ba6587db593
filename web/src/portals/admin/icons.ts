/** The icons of the menu, apart from the site map: the sign-in page knows the site map and needs none of them. */
export {
  AppstoreOutlined as apps,
  AuditOutlined as audit,
  ClockCircleOutlined as jobs,
  DashboardOutlined as dashboard,
  FileSearchOutlined as logs,
  FormOutlined as requests,
  MailOutlined as emails,
  NotificationOutlined as announcements,
  SafetyCertificateOutlined as grants,
  SettingOutlined as settings,
  TeamOutlined as operators,
  UserSwitchOutlined as accounts,
  WarningOutlined as security,
} from '@ant-design/icons'
