-- What the payment sandbox keeps; empty where real providers are used. All instances on a database share it.

-- The keys of both sides, sealed under the master key.
CREATE TABLE sandbox_keys (
    id      boolean PRIMARY KEY DEFAULT true,
    sealed  bytea NOT NULL,
    CONSTRAINT sandbox_keys_single CHECK (id)
);

GRANT SELECT, INSERT, UPDATE ON sandbox_keys TO coinslot_app;
