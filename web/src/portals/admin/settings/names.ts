/** What settings are called. The server describes them in Chinese; a setting that nobody named here keeps that. */
import type { SettingItem } from '@/api/generated'
import { currentLanguage } from '@/shared/i18n/language'

export const english: Record<string, string> = {
  session_expire_days: 'Days that a sign-in lasts',
  login_attempts_per_minute: 'Sign-in attempts per minute, per account and per IP',
  low_balance_threshold_normal: 'Low-balance threshold of normal customers (CNY)',
  low_balance_threshold_vip: 'Low-balance threshold of VIP customers (CNY)',
  low_balance_threshold_trial: 'Low-balance threshold of trial customers (CNY)',
  recharge_min: 'Smallest top-up (CNY)',
  recharge_max: 'Largest top-up (CNY)',
  payment_order_expire_minutes: 'Minutes for which a top-up order can be paid',
  payment_query_after_seconds: 'Seconds after which the provider is asked about a pending order',
  payment_query_max_failures: 'Failed queries in a row that make an order abnormal',
  rate_limit_per_minute: 'Authorizations per minute, per operator',
  ip_rate_limit_per_minute: 'Headset and unauthenticated requests per minute, per IP',
  web_rate_limit_per_minute: 'Requests per minute, per signed-in account',
  concurrent_authorization_limit: 'Authorizations of one operator that are worked on at once',
  vip_tier_monthly_threshold: 'Monthly consumption that makes a customer VIP (CNY)',
  standard_tier_monthly_threshold: 'Monthly consumption that makes a customer normal (CNY)',
  anomaly_ip_failures: 'Failures from one IP above which the accounts concerned are locked',
  anomaly_ip_failures_window_seconds: 'Seconds in which these failures are counted',
  anomaly_ip_keys: 'Different API keys from one IP above which the accounts concerned are locked',
  anomaly_ip_keys_window_seconds: 'Seconds in which these API keys are counted',
  anomaly_trusted_ips: 'Addresses or networks that may use many API keys, comma-separated',
  alert_email: 'E-mail address for security and finance alerts',
  invoice_issuer_name: 'Issuer of invoices: name',
  invoice_issuer_tax_id: 'Issuer of invoices: tax number',
  invoice_issuer_address: 'Issuer of invoices: address',
  invoice_issuer_phone: 'Issuer of invoices: phone',
  invoice_issuer_bank_account: 'Issuer of invoices: bank and account',
  authorization_log_retention_days:
    'Days that the authorization log is kept, dropped by whole months (0: for ever)',
  sent_email_retention_days: 'Days that sent e-mails are kept (0: for ever)',
  schedule_run_retention_days: 'Days that runs of scheduled jobs are kept (0: for ever)',
  report_retention_days: 'Days after which reports are deleted',
  business_timezone: 'Business time zone, in which days, weeks and months begin',
}

export function settingName({ key, description }: SettingItem): string {
  return (currentLanguage() === 'en' ? english[key] : undefined) ?? description
}
