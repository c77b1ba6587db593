import {
  AppstoreOutlined,
  AuditOutlined,
  ClockCircleOutlined,
  DashboardOutlined,
  FileSearchOutlined,
  FormOutlined,
  MailOutlined,
  NotificationOutlined,
  SafetyCertificateOutlined,
  SettingOutlined,
  TeamOutlined,
  UserSwitchOutlined,
  WarningOutlined,
} from '@ant-design/icons'
import { later } from '@/shared/later'
import type { Portal } from '@/shared/site-map'

export const admin: Portal = {
  name: 'admin',
  texts: () => import('./locale'),
  pages: [
    {
      path: '/admin/dashboard',
      title: 'admin:dashboard.title',
      icon: DashboardOutlined,
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/admin/operators',
      title: 'admin:operators.title',
      icon: TeamOutlined,
      load: () => import('./operators/OperatorsPage'),
    },
    {
      path: '/admin/operators/$id',
      title: 'admin:operators.detail',
      parent: '/admin/operators',
      load: () => import('./operators/OperatorPage'),
    },
    {
      path: '/admin/applications',
      title: 'admin:apps.title',
      icon: AppstoreOutlined,
      load: () => import('./apps/AppsPage'),
    },
    {
      path: '/admin/applications/$id',
      title: 'admin:apps.detail',
      parent: '/admin/applications',
      load: () => import('./apps/AppPage'),
    },
    {
      path: '/admin/app-requests',
      title: 'admin:requests.title',
      icon: FormOutlined,
      badge: later(() => import('./requests/WaitingBadge')),
      load: () => import('./requests/RequestsPage'),
    },
    {
      path: '/admin/grants',
      title: 'admin:grants.title',
      icon: SafetyCertificateOutlined,
      load: () => import('./grants/GrantsPage'),
    },
    {
      path: '/admin/announcements',
      title: 'admin:announcements.title',
      icon: NotificationOutlined,
      load: () => import('./announcements/AnnouncementsPage'),
    },
    {
      path: '/admin/announcements/new',
      title: 'admin:announcements.write',
      parent: '/admin/announcements',
      needs: 'can_send_notifications',
      load: () => import('./announcements/WritePage'),
    },
    {
      path: '/admin/authorization-log',
      title: 'admin:logs.title',
      icon: FileSearchOutlined,
      load: () => import('./authorization-log/AuthorizationLogPage'),
    },
    {
      path: '/admin/security-events',
      title: 'admin:security.title',
      icon: WarningOutlined,
      load: () => import('./security/SecurityEventsPage'),
    },
    {
      // The server shows it to those who may see the money that is in it.
      path: '/admin/audit-log',
      title: 'admin:audit.title',
      icon: AuditOutlined,
      needs: 'can_view_financial_data',
      load: () => import('./audit/AuditLogPage'),
    },
    {
      path: '/admin/accounts',
      title: 'admin:accounts.title',
      icon: UserSwitchOutlined,
      needs: 'can_manage_admins',
      load: () => import('./accounts/AccountsPage'),
    },
    {
      path: '/admin/settings',
      title: 'admin:settings.title',
      icon: SettingOutlined,
      load: () => import('./settings/SettingsPage'),
    },
    {
      path: '/admin/jobs',
      title: 'admin:jobs.title',
      icon: ClockCircleOutlined,
      needs: 'can_manage_system_config',
      load: () => import('./jobs/JobsPage'),
    },
    {
      path: '/admin/emails',
      title: 'admin:emails.title',
      icon: MailOutlined,
      needs: 'can_manage_system_config',
      load: () => import('./emails/EmailsPage'),
    },
  ],
}
