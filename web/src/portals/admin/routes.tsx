import { iconsOf } from '@/shared/icons'
import { later } from '@/shared/later'
import type { Portal } from '@/shared/site-map'

const icon = iconsOf(() => import('./icons'))

export const admin: Portal = {
  name: 'admin',
  texts: { zh: () => import('./locale/zh'), en: () => import('./locale/en') },
  pages: [
    {
      path: '/admin/dashboard',
      title: 'admin:dashboard.title',
      icon: icon('dashboard'),
      load: () => import('./dashboard/DashboardPage'),
    },
    {
      path: '/admin/operators',
      title: 'admin:operators.title',
      icon: icon('operators'),
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
      icon: icon('apps'),
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
      icon: icon('requests'),
      badge: later(() => import('./requests/WaitingBadge')),
      load: () => import('./requests/RequestsPage'),
    },
    {
      path: '/admin/grants',
      title: 'admin:grants.title',
      icon: icon('grants'),
      load: () => import('./grants/GrantsPage'),
    },
    {
      path: '/admin/announcements',
      title: 'admin:announcements.title',
      icon: icon('announcements'),
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
      icon: icon('logs'),
      load: () => import('./authorization-log/AuthorizationLogPage'),
    },
    {
      path: '/admin/security-events',
      title: 'admin:security.title',
      icon: icon('security'),
      load: () => import('./security/SecurityEventsPage'),
    },
    {
      // The server shows it to those who may see the money that is in it.
      path: '/admin/audit-log',
      title: 'admin:audit.title',
      icon: icon('audit'),
      needs: 'can_view_financial_data',
      load: () => import('./audit/AuditLogPage'),
    },
    {
      path: '/admin/accounts',
      title: 'admin:accounts.title',
      icon: icon('accounts'),
      needs: 'can_manage_admins',
      load: () => import('./accounts/AccountsPage'),
    },
    {
      path: '/admin/settings',
      title: 'admin:settings.title',
      icon: icon('settings'),
      load: () => import('./settings/SettingsPage'),
    },
    {
      path: '/admin/jobs',
      title: 'admin:jobs.title',
      icon: icon('jobs'),
      needs: 'can_manage_system_config',
      load: () => import('./jobs/JobsPage'),
    },
    {
      path: '/admin/emails',
      title: 'admin:emails.title',
      icon: icon('emails'),
      needs: 'can_manage_system_config',
      load: () => import('./emails/EmailsPage'),
    },
  ],
}
