DROP TABLE reconciliation_differences;
DROP TABLE reconciliation_runs;
DROP TABLE payment_incidents;
DROP INDEX payment_notifications_refused_idx;
DROP INDEX recharge_orders_paid_at_idx;
DROP INDEX recharge_orders_key_idx;
DROP INDEX recharge_orders_expiry_idx;
DROP INDEX recharge_orders_wanted_idx;
DROP INDEX recharge_orders_due_idx;
CREATE INDEX recharge_orders_due_idx ON recharge_orders (next_query_at) WHERE status = 'pending';
ALTER TABLE recharge_orders
    DROP CONSTRAINT recharge_orders_resolved_outcome_known,
    DROP COLUMN wanted_last_at,
    DROP COLUMN wanted_at,
    DROP COLUMN resolved_at,
    DROP COLUMN resolved_outcome,
    DROP COLUMN last_answer,
    DROP COLUMN idempotency_key;
