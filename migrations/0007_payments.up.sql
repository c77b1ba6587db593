-- Top-up orders. The order id, without its prefix, is the out_trade_no at the provider.
CREATE TABLE recharge_orders (
    operator_id              uuid NOT NULL REFERENCES operators (id),
    id                       uuid NOT NULL,
    amount_fen               bigint NOT NULL,
    payment_method           text NOT NULL,
    status                   text NOT NULL DEFAULT 'pending',
    qr_code_url              text,
    payment_url              text,
    provider_transaction_id  text,
    query_failures           integer NOT NULL DEFAULT 0,
    next_query_at            timestamptz,
    created_at               timestamptz NOT NULL,
    expires_at               timestamptz NOT NULL,
    paid_at                  timestamptz,
    paid_late                boolean NOT NULL DEFAULT false,
    resolved_by              text,
    resolve_reason           text,
    updated_at               timestamptz NOT NULL,
    CONSTRAINT recharge_orders_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT recharge_orders_amount_positive CHECK (amount_fen > 0),
    CONSTRAINT recharge_orders_payment_method_known CHECK (payment_method IN ('wechat', 'alipay')),
    CONSTRAINT recharge_orders_status_known CHECK (status IN ('pending', 'success', 'failed', 'closed', 'abnormal'))
);

-- One provider payment credits one order.
CREATE UNIQUE INDEX recharge_orders_provider_transaction_key
    ON recharge_orders (payment_method, provider_transaction_id) WHERE provider_transaction_id IS NOT NULL;
-- A notification names the order, not the operator.
CREATE UNIQUE INDEX recharge_orders_id_key ON recharge_orders (id);
-- The reconciliation job.
CREATE INDEX recharge_orders_due_idx ON recharge_orders (next_query_at) WHERE status = 'pending';
-- Finance: by status, newest first.
CREATE INDEX recharge_orders_status_idx ON recharge_orders (status, id);

-- What the providers sent, as it came, before it was judged.
CREATE TABLE payment_notifications (
    id              uuid PRIMARY KEY,
    payment_method  text NOT NULL,
    order_id        uuid,
    headers         jsonb NOT NULL,
    body            bytea NOT NULL,
    verdict         text NOT NULL,
    received_at     timestamptz NOT NULL
);

CREATE TABLE refunds (
    operator_id            uuid NOT NULL REFERENCES operators (id),
    id                     uuid NOT NULL,
    requested_fen          bigint NOT NULL,
    actual_fen             bigint,
    status                 text NOT NULL DEFAULT 'pending',
    payout_status          text,
    reason                 text NOT NULL,
    reject_reason          text,
    note                   text,
    reviewed_by            text,
    reviewed_at            timestamptz,
    completion_reference   text,
    created_at             timestamptz NOT NULL,
    CONSTRAINT refunds_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT refunds_requested_positive CHECK (requested_fen > 0),
    CONSTRAINT refunds_actual_positive CHECK (actual_fen > 0),
    CONSTRAINT refunds_status_known CHECK (status IN ('pending', 'approved', 'rejected')),
    CONSTRAINT refunds_payout_status_known CHECK (payout_status IN ('processing', 'completed', 'failed')),
    CONSTRAINT refunds_approved_has_amount CHECK ((status = 'approved') = (actual_fen IS NOT NULL))
);

-- One pending refund per operator.
CREATE UNIQUE INDEX refunds_pending_key ON refunds (operator_id) WHERE status = 'pending';
-- Finance: by status, newest first; look-up by id alone.
CREATE INDEX refunds_status_idx ON refunds (status, id);
CREATE UNIQUE INDEX refunds_id_key ON refunds (id);

-- The parts of a payout, each returned to the top-up it came from. The id is the refund number at the provider.
CREATE TABLE refund_payouts (
    operator_id         uuid NOT NULL,
    id                  uuid NOT NULL,
    refund_id           uuid NOT NULL,
    order_id            uuid,
    channel             text NOT NULL,
    amount_fen          bigint NOT NULL,
    status              text NOT NULL DEFAULT 'pending',
    attempts            integer NOT NULL DEFAULT 0,
    provider_refund_id  text,
    last_error          text,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    CONSTRAINT refund_payouts_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT refund_payouts_refund_fkey FOREIGN KEY (operator_id, refund_id) REFERENCES refunds (operator_id, id),
    CONSTRAINT refund_payouts_order_fkey FOREIGN KEY (operator_id, order_id) REFERENCES recharge_orders (operator_id, id),
    CONSTRAINT refund_payouts_amount_positive CHECK (amount_fen > 0),
    CONSTRAINT refund_payouts_channel_known CHECK (channel IN ('wechat', 'alipay', 'manual')),
    CONSTRAINT refund_payouts_status_known CHECK (status IN ('pending', 'processing', 'completed', 'failed'))
);

-- The parts of one refund.
CREATE INDEX refund_payouts_refund_idx ON refund_payouts (operator_id, refund_id);
-- How much of a top-up has gone back.
CREATE INDEX refund_payouts_order_idx ON refund_payouts (operator_id, order_id);

CREATE TABLE invoices (
    operator_id     uuid NOT NULL REFERENCES operators (id),
    id              uuid NOT NULL,
    amount_fen      bigint NOT NULL,
    invoice_title   text NOT NULL,
    tax_id          text NOT NULL,
    email           text,
    status          text NOT NULL DEFAULT 'pending',
    invoice_number  text,
    reject_reason   text,
    note            text,
    reviewed_by     text,
    reviewed_at     timestamptz,
    pdf             bytea,
    created_at      timestamptz NOT NULL,
    CONSTRAINT invoices_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT invoices_amount_positive CHECK (amount_fen > 0),
    CONSTRAINT invoices_status_known CHECK (status IN ('pending', 'approved', 'rejected')),
    CONSTRAINT invoices_approved_has_number CHECK ((status = 'approved') = (invoice_number IS NOT NULL))
);

-- Numbers are unique across the platform.
CREATE UNIQUE INDEX invoices_number_key ON invoices (invoice_number) WHERE invoice_number IS NOT NULL;
-- Finance: by status, newest first; look-up by id alone.
CREATE INDEX invoices_status_idx ON invoices (status, id);
CREATE UNIQUE INDEX invoices_id_key ON invoices (id);

-- The last invoice number given in each year. Taken under its row lock in the approving transaction: no gaps.
CREATE TABLE invoice_numbers (
    year         integer PRIMARY KEY,
    last_number  bigint NOT NULL
);

GRANT SELECT, INSERT, UPDATE ON recharge_orders, refunds, refund_payouts, invoices, invoice_numbers TO coinslot_app;
GRANT SELECT, INSERT ON payment_notifications TO coinslot_app;
