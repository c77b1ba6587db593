DROP TABLE invoice_numbers;
DROP TABLE invoices;
DROP TABLE refund_payouts;
DROP TABLE refunds;
DROP TABLE payment_notifications;
DROP TABLE recharge_orders;
