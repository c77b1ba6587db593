CREATE TABLE staff_accounts (
    id             uuid PRIMARY KEY,
    kind           text NOT NULL,
    username       text NOT NULL,
    password_hash  text NOT NULL,
    name           text NOT NULL,
    phone          text,
    email          text,
    role           text NOT NULL,
    -- Single permissions that differ from the preset of the role: {"can_reset_api_keys": false}.
    permission_overrides jsonb NOT NULL DEFAULT '{}',
    is_active      boolean NOT NULL DEFAULT true,
    created_at     timestamptz NOT NULL,
    updated_at     timestamptz NOT NULL,
    CONSTRAINT staff_accounts_kind_known CHECK (kind IN ('admin', 'finance', 'analyst')),
    CONSTRAINT staff_accounts_role_fits_kind CHECK (
        (kind = 'admin' AND role IN ('super_admin', 'admin', 'operator'))
        OR (kind = 'finance' AND role IN ('specialist', 'manager', 'auditor'))
        OR (kind = 'analyst' AND role = 'analyst'))
);

-- Sign-in: each portal has names of its own.
CREATE UNIQUE INDEX staff_accounts_kind_username_key ON staff_accounts (kind, lower(username));

-- Every access token that was issued. A token is good while its row is not revoked: logout, a password change or a
-- lock is effective on every instance with the next request.
CREATE TABLE access_tokens (
    jti         uuid PRIMARY KEY,
    subject_id  uuid NOT NULL,
    role        text NOT NULL,
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    revoked_at  timestamptz,
    CONSTRAINT access_tokens_role_known CHECK (role IN ('operator', 'admin', 'finance', 'analyst'))
);

-- Revoking all tokens of an account.
CREATE INDEX access_tokens_subject_idx ON access_tokens (subject_id) WHERE revoked_at IS NULL;
-- The clean-up of expired tokens.
CREATE INDEX access_tokens_expires_at_idx ON access_tokens (expires_at);

GRANT SELECT, INSERT, UPDATE ON staff_accounts TO coinslot_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON access_tokens TO coinslot_app;
