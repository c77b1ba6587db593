DROP INDEX recharge_orders_paid_idx;
DROP INDEX refunds_payout_status_idx;
DROP INDEX refund_payouts_id_key;
ALTER TABLE refund_payouts
    DROP CONSTRAINT refund_payouts_channel_part_names_order,
    DROP COLUMN sent_at,
    DROP COLUMN next_attempt_at;
