-- One row per game that was charged: the usage record and, at the same time, the ledger entry from the operator's
-- balance to revenue (docs/MONEY.md says why it is one row). It has no foreign keys: the writer reads site,
-- application and grant under the account's lock, and `coinslot verify` checks the references.
CREATE TABLE usage_records (
    operator_id          uuid NOT NULL,
    id                   uuid NOT NULL,
    session_ms           bigint NOT NULL,
    seq                  bigint NOT NULL,
    unit_price_fen       bigint NOT NULL,
    total_fen            bigint NOT NULL,
    balance_before_fen   bigint NOT NULL,
    balance_after_fen    bigint NOT NULL,
    authorized_at        timestamptz NOT NULL,
    site_id              uuid NOT NULL,
    app_id               uuid NOT NULL,
    authorization_token  uuid NOT NULL,
    player_count         integer NOT NULL,
    session_nonce        text NOT NULL,
    app_name             text NOT NULL,
    client_ip            inet,
    entry_hash           bytea NOT NULL,
    -- "Newest first" and time ranges: the id begins with the time.
    CONSTRAINT usage_records_pkey PRIMARY KEY (operator_id, id),
    -- Replay: the session id is {operator_id}_{session_ms}_{session_nonce}.
    CONSTRAINT usage_records_session_key UNIQUE (operator_id, session_ms, session_nonce),
    CONSTRAINT usage_records_players_in_range CHECK (player_count BETWEEN 1 AND 100),
    CONSTRAINT usage_records_price_positive CHECK (unit_price_fen > 0),
    CONSTRAINT usage_records_total_is_players_times_price CHECK (total_fen = player_count * unit_price_fen),
    CONSTRAINT usage_records_balance_moves_by_total CHECK (balance_after_fen = balance_before_fen - total_fen),
    CONSTRAINT usage_records_balance_not_negative CHECK (balance_after_fen >= 0)
);

-- How long a game lasted, told by the headset server afterwards. The first report stands.
CREATE TABLE session_ends (
    operator_id       uuid NOT NULL,
    usage_id          uuid NOT NULL,
    duration_seconds  integer NOT NULL,
    headsets          jsonb NOT NULL DEFAULT '[]',
    ended_at          timestamptz NOT NULL,
    CONSTRAINT session_ends_pkey PRIMARY KEY (operator_id, usage_id),
    CONSTRAINT session_ends_usage_fkey FOREIGN KEY (operator_id, usage_id) REFERENCES usage_records (operator_id, id),
    CONSTRAINT session_ends_duration_in_range CHECK (duration_seconds BETWEEN 0 AND 86400)
);

-- Every other movement of money: one row between two named accounts. Where one side is the operator's balance, the
-- row is a link of the operator's chain and says the balance before and after; otherwise (a payout from refunds
-- payable through a channel) the balance does not move.
-- Holds (reserve, capture, release) come later as movements between operator_balance and operator_held.
CREATE TABLE ledger_movements (
    operator_id         uuid NOT NULL REFERENCES operators (id),
    id                  uuid NOT NULL,
    seq                 bigint NOT NULL,
    kind                text NOT NULL,
    debit_account       text NOT NULL,
    credit_account      text NOT NULL,
    amount_fen          bigint NOT NULL,
    balance_before_fen  bigint NOT NULL,
    balance_after_fen   bigint NOT NULL,
    occurred_at         timestamptz NOT NULL,
    payment_method      text,
    order_id            uuid,
    refund_id           uuid,
    reason              text,
    created_by          text,
    entry_hash          bytea NOT NULL,
    CONSTRAINT ledger_movements_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT ledger_movements_seq_key UNIQUE (operator_id, seq),
    CONSTRAINT ledger_movements_kind_known CHECK (kind IN ('recharge', 'refund', 'adjustment', 'payout')),
    CONSTRAINT ledger_movements_accounts_known CHECK (
        debit_account IN ('operator_balance', 'operator_held', 'revenue', 'clearing_wechat', 'clearing_alipay', 'clearing_manual', 'refund_payable', 'adjustments')
        AND credit_account IN ('operator_balance', 'operator_held', 'revenue', 'clearing_wechat', 'clearing_alipay', 'clearing_manual', 'refund_payable', 'adjustments')
        AND debit_account <> credit_account),
    CONSTRAINT ledger_movements_amount_positive CHECK (amount_fen > 0),
    CONSTRAINT ledger_movements_balance_not_negative CHECK (balance_after_fen >= 0),
    CONSTRAINT ledger_movements_balance_moves_by_amount CHECK (
        balance_after_fen - balance_before_fen
        = CASE WHEN credit_account = 'operator_balance' THEN amount_fen ELSE 0 END
        - CASE WHEN debit_account = 'operator_balance' THEN amount_fen ELSE 0 END),
    CONSTRAINT ledger_movements_recharge_names_order CHECK (kind <> 'recharge' OR order_id IS NOT NULL),
    CONSTRAINT ledger_movements_refund_names_refund CHECK (kind NOT IN ('refund', 'payout') OR refund_id IS NOT NULL)
);

-- A top-up is credited once per order.
CREATE UNIQUE INDEX ledger_movements_recharge_key ON ledger_movements (operator_id, order_id) WHERE kind = 'recharge';
-- A refund leaves the balance once.
CREATE UNIQUE INDEX ledger_movements_refund_key ON ledger_movements (operator_id, refund_id) WHERE kind = 'refund';

-- The whole ledger: each row moves amount_fen from the debited to the credited account. For the named accounts a
-- debit lessens and a credit raises what the platform owes or has earned; the books sum to zero.
CREATE VIEW ledger_entries AS
SELECT operator_id, id, seq, 'consumption'::text AS kind, 'operator_balance'::text AS debit_account,
       'revenue'::text AS credit_account, total_fen AS amount_fen, balance_before_fen, balance_after_fen,
       authorized_at AS occurred_at, id AS usage_id, NULL::text AS payment_method, NULL::uuid AS order_id,
       NULL::uuid AS refund_id, entry_hash
FROM usage_records
UNION ALL
SELECT operator_id, id, seq, kind, debit_account, credit_account, amount_fen, balance_before_fen, balance_after_fen,
       occurred_at, NULL::uuid, payment_method, order_id, refund_id, entry_hash
FROM ledger_movements;

CREATE TRIGGER usage_records_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON usage_records
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER session_ends_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON session_ends
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_movements_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON ledger_movements
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON usage_records, session_ends, ledger_movements TO coinslot_app;
GRANT SELECT ON ledger_entries TO coinslot_app;
