-- What an order must remember besides its status: by which key it was asked for, so that the same request again finds it;
-- what the provider said last, for whoever decides an abnormal one; the decision; and when somebody was seen to wait for it.
ALTER TABLE recharge_orders
    ADD COLUMN idempotency_key   text,
    ADD COLUMN last_answer       text,
    ADD COLUMN resolved_outcome  text,
    ADD COLUMN resolved_at       timestamptz,
    ADD COLUMN wanted_at         timestamptz,
    ADD COLUMN wanted_last_at    timestamptz,
    ADD CONSTRAINT recharge_orders_resolved_outcome_known CHECK (resolved_outcome IN ('success', 'failed'));

-- What is still to be asked at the provider, whatever the operator sees: an order that ended here may have been paid there.
DROP INDEX recharge_orders_due_idx;
CREATE INDEX recharge_orders_due_idx ON recharge_orders (next_query_at) WHERE next_query_at IS NOT NULL;
-- Orders that somebody looks at and waits for.
CREATE INDEX recharge_orders_wanted_idx ON recharge_orders (wanted_at) WHERE wanted_at IS NOT NULL;
-- What ends without payment.
CREATE INDEX recharge_orders_expiry_idx ON recharge_orders (expires_at) WHERE status = 'pending';
-- The same request again, whose first attempt got no code from the provider.
CREATE INDEX recharge_orders_key_idx ON recharge_orders (operator_id, idempotency_key)
    WHERE idempotency_key IS NOT NULL AND status = 'pending' AND qr_code_url IS NULL;
-- What was paid on a day, to be held against the provider's bill.
CREATE INDEX recharge_orders_paid_at_idx ON recharge_orders (payment_method, paid_at) WHERE status = 'success';

-- Payments that were not credited, or credited against what was said before: somebody has to look at each. The order is the
-- one the provider names; without an operator it is none of ours.
CREATE TABLE payment_incidents (
    id              uuid PRIMARY KEY,
    kind            text NOT NULL,
    payment_method  text NOT NULL,
    order_id        uuid NOT NULL,
    operator_id     uuid REFERENCES operators (id),
    transaction_id  text NOT NULL,
    amount_fen      bigint NOT NULL,
    source          text NOT NULL,
    created_at      timestamptz NOT NULL,
    CONSTRAINT payment_incidents_kind_known CHECK (kind IN
        ('amount_differs', 'second_payment', 'payment_of_other_order', 'unknown_order', 'paid_after_resolved_failed')),
    CONSTRAINT payment_incidents_payment_method_known CHECK (payment_method IN ('wechat', 'alipay')),
    CONSTRAINT payment_incidents_source_known CHECK (source IN ('notification', 'query', 'bill'))
);

-- However often a provider repeats itself, it is one incident. Also: the incidents of an order.
CREATE UNIQUE INDEX payment_incidents_key ON payment_incidents (order_id, transaction_id, kind);
CREATE TRIGGER payment_incidents_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON payment_incidents
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- How many notifications that were not believed are kept is limited; all of those of a day are counted for it.
CREATE INDEX payment_notifications_refused_idx ON payment_notifications (received_at)
    WHERE verdict IN ('not_genuine', 'not_ours');

-- A day's bill of a provider, held against our orders. Days are those of the providers (Beijing). `due_at` is when it may be
-- tried again, and the lease of whoever is at it.
CREATE TABLE reconciliation_runs (
    bill_date          date NOT NULL,
    payment_method     text NOT NULL,
    status             text NOT NULL,
    ours_count         bigint NOT NULL DEFAULT 0,
    ours_fen           bigint NOT NULL DEFAULT 0,
    theirs_count       bigint NOT NULL DEFAULT 0,
    theirs_fen         bigint NOT NULL DEFAULT 0,
    refunds_count      bigint NOT NULL DEFAULT 0,
    refunds_fen        bigint NOT NULL DEFAULT 0,
    differences_count  bigint NOT NULL DEFAULT 0,
    error              text,
    run_by             text NOT NULL,
    started_at         timestamptz NOT NULL,
    finished_at        timestamptz,
    due_at             timestamptz NOT NULL,
    CONSTRAINT reconciliation_runs_pkey PRIMARY KEY (bill_date, payment_method),
    CONSTRAINT reconciliation_runs_payment_method_known CHECK (payment_method IN ('wechat', 'alipay')),
    CONSTRAINT reconciliation_runs_status_known CHECK (status IN ('running', 'completed', 'not_ready', 'failed'))
);

CREATE TABLE reconciliation_differences (
    bill_date       date NOT NULL,
    payment_method  text NOT NULL,
    id              uuid NOT NULL,
    kind            text NOT NULL,
    subject         text NOT NULL,
    order_id        uuid,
    out_trade_no    text NOT NULL,
    transaction_id  text,
    refund_number   uuid,
    ours_fen        bigint,
    theirs_fen      bigint,
    is_credited     boolean NOT NULL,
    CONSTRAINT reconciliation_differences_pkey PRIMARY KEY (bill_date, payment_method, id),
    CONSTRAINT reconciliation_differences_run_fkey FOREIGN KEY (bill_date, payment_method)
        REFERENCES reconciliation_runs (bill_date, payment_method),
    CONSTRAINT reconciliation_differences_kind_known CHECK (kind IN
        ('missing_here', 'missing_there', 'amount_differs', 'late_refund')),
    CONSTRAINT reconciliation_differences_subject_known CHECK (subject IN ('payment', 'refund'))
);

GRANT SELECT, INSERT ON payment_incidents TO coinslot_app;
GRANT SELECT, INSERT, UPDATE ON reconciliation_runs TO coinslot_app;
GRANT SELECT, INSERT, DELETE ON reconciliation_differences TO coinslot_app;
