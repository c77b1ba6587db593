-- A part of a payout is told to its channel, asked about, and told again, until the channel has decided. `next_attempt_at`
-- is when the next word to the channel is due; `sent_at` when it first heard of the part, because WeChat Pay wants a minute
-- between two parts of one payment.
ALTER TABLE refund_payouts
    ADD COLUMN next_attempt_at timestamptz,
    ADD COLUMN sent_at timestamptz,
    ADD CONSTRAINT refund_payouts_channel_part_names_order CHECK ((channel = 'manual') = (order_id IS NULL));
-- A notification names the part, not the operator.
CREATE UNIQUE INDEX refund_payouts_id_key ON refund_payouts (id);
-- Finance: what needs somebody, newest first.
CREATE INDEX refunds_payout_status_idx ON refunds (payout_status, id) WHERE payout_status IS NOT NULL;
-- Top-ups that money can go back to, newest first.
CREATE INDEX recharge_orders_paid_idx ON recharge_orders (operator_id, paid_at)
    WHERE status = 'success' AND provider_transaction_id IS NOT NULL;
