-- What the payment sandbox keeps; empty where real providers are used. All instances on a database share it.

-- The keys of both sides, sealed under the master key.
CREATE TABLE sandbox_keys (
    id      boolean PRIMARY KEY DEFAULT true,
    sealed  bytea NOT NULL,
    CONSTRAINT sandbox_keys_single CHECK (id)
);

-- Orders, refunds, faults and notices of the gateway, as it writes them; without content they are gone. Each instance
-- remembers all of them and reads what others have changed since its last look.
CREATE SEQUENCE sandbox_changes;
CREATE TABLE sandbox_records (
    channel  text NOT NULL,
    kind     text NOT NULL,
    number   text NOT NULL,
    content  jsonb,
    changed  bigint NOT NULL,
    CONSTRAINT sandbox_records_pkey PRIMARY KEY (channel, kind, number),
    CONSTRAINT sandbox_records_channel_known CHECK (channel IN ('wechat', 'alipay'))
);

-- What has changed since.
CREATE UNIQUE INDEX sandbox_records_changed_key ON sandbox_records (changed);

GRANT SELECT, INSERT, UPDATE ON sandbox_keys, sandbox_records TO coinslot_app;
GRANT USAGE ON SEQUENCE sandbox_changes TO coinslot_app;
