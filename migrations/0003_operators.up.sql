-- Identity of operators: a reference table, small and read by everyone.
CREATE TABLE operators (
    id                  uuid PRIMARY KEY,
    username            text NOT NULL,
    password_hash       text NOT NULL,
    name                text NOT NULL,
    phone               text NOT NULL,
    email               text NOT NULL,
    category            text NOT NULL,
    created_at          timestamptz NOT NULL,
    updated_at          timestamptz NOT NULL,
    deactivated_at      timestamptz,
    deactivation_reason text,
    locked_at           timestamptz,
    locked_reason       text,
    CONSTRAINT operators_category_known CHECK (category IN ('trial', 'normal', 'vip'))
);

-- Sign-in and registration: names differ by more than case.
CREATE UNIQUE INDEX operators_username_key ON operators (lower(username));
-- The admin's list, newest first.
CREATE INDEX operators_created_at_idx ON operators (created_at, id);

-- The one row per operator that every authorization locks: money, admission and the newest link of the chain.
-- state and key_generation stand here too, because the row that is locked is the row that can be read safely with it.
CREATE TABLE operator_accounts (
    operator_id           uuid PRIMARY KEY REFERENCES operators (id),
    state                 text NOT NULL DEFAULT 'active',
    key_generation        integer NOT NULL DEFAULT 1,
    balance_fen           bigint NOT NULL DEFAULT 0,
    entry_seq             bigint NOT NULL DEFAULT 0,
    entry_hash            bytea NOT NULL,
    last_entry_at         timestamptz,
    total_recharged_fen   bigint NOT NULL DEFAULT 0,
    total_consumed_fen    bigint NOT NULL DEFAULT 0,
    total_refunded_fen    bigint NOT NULL DEFAULT 0,
    total_sessions        bigint NOT NULL DEFAULT 0,
    low_balance_alerted   boolean NOT NULL DEFAULT false,
    -- Admission times of the last 60 s, for authorize and pre-authorize (rate_limit::Window).
    authorize_window      bytea NOT NULL DEFAULT '',
    pre_authorize_window  bytea NOT NULL DEFAULT '',
    CONSTRAINT operator_accounts_state_known CHECK (state IN ('active', 'locked', 'deactivated')),
    CONSTRAINT operator_accounts_balance_not_negative CHECK (balance_fen >= 0),
    CONSTRAINT operator_accounts_entry_hash_is_sha256 CHECK (octet_length(entry_hash) = 32)
)
-- Half of each page stays free, so that updates stay on their page and touch no index (HOT).
WITH (fillfactor = 50);

-- The live API key of each operator. Looked up by keyed hash on the first call of a headset server.
CREATE TABLE operator_api_keys (
    operator_id    uuid PRIMARY KEY REFERENCES operators (id),
    key_hash       bytea NOT NULL,
    key_ciphertext bytea NOT NULL,
    generation     integer NOT NULL DEFAULT 1,
    generated_at   timestamptz NOT NULL,
    CONSTRAINT operator_api_keys_key_hash_key UNIQUE (key_hash)
);

GRANT SELECT, INSERT, UPDATE ON operators, operator_accounts, operator_api_keys TO coinslot_app;
