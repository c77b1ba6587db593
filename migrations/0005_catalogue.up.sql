CREATE TABLE sites (
    operator_id  uuid NOT NULL REFERENCES operators (id),
    id           uuid NOT NULL,
    name         text NOT NULL,
    address      text NOT NULL,
    description  text NOT NULL DEFAULT '',
    created_at   timestamptz NOT NULL,
    updated_at   timestamptz NOT NULL,
    deleted_at   timestamptz,
    CONSTRAINT sites_pkey PRIMARY KEY (operator_id, id)
);

-- A reference table: a few hundred games, read by everyone.
CREATE TABLE applications (
    id              uuid PRIMARY KEY,
    name            text NOT NULL,
    description     text NOT NULL DEFAULT '',
    unit_price_fen  bigint NOT NULL,
    min_players     integer NOT NULL,
    max_players     integer NOT NULL,
    is_active       boolean NOT NULL DEFAULT true,
    created_at      timestamptz NOT NULL,
    updated_at      timestamptz NOT NULL,
    CONSTRAINT applications_price_positive CHECK (unit_price_fen > 0),
    CONSTRAINT applications_players_in_range CHECK (1 <= min_players AND min_players <= max_players AND max_players <= 100)
);

-- Every price an application ever had; the newest equals applications.unit_price_fen.
CREATE TABLE application_prices (
    app_id          uuid NOT NULL REFERENCES applications (id),
    id              uuid NOT NULL,
    unit_price_fen  bigint NOT NULL,
    effective_at    timestamptz NOT NULL,
    changed_by      text NOT NULL,
    reason          text,
    CONSTRAINT application_prices_pkey PRIMARY KEY (app_id, id),
    CONSTRAINT application_prices_price_positive CHECK (unit_price_fen > 0)
);

-- Which operator may run which application, until when. A grant that was revoked or has expired stays as history;
-- the current one of each pair is the last that was given.
CREATE TABLE grants (
    operator_id    uuid NOT NULL REFERENCES operators (id),
    id             uuid NOT NULL,
    app_id         uuid NOT NULL REFERENCES applications (id),
    is_current     boolean NOT NULL DEFAULT true,
    authorized_at  timestamptz NOT NULL,
    authorized_by  text NOT NULL,
    expires_at     timestamptz,
    note           text,
    revoked_at     timestamptz,
    revoked_by     text,
    revoke_reason  text,
    -- The latest expiry notice that was sent, in days ahead (7, then 1), for the expiry it was sent for.
    notice_days    integer,
    CONSTRAINT grants_pkey PRIMARY KEY (operator_id, id)
);

-- Authorization: the grant of this operator for this application.
CREATE UNIQUE INDEX grants_current_key ON grants (operator_id, app_id) WHERE is_current;
-- Who must hear of a price change; the admin's filter by application. With app_id alone this index would be a way to read
-- one operator's grant: the plan of an empty database, which a connection keeps, then goes through every grant of the
-- application. With both columns either index is exact.
CREATE INDEX grants_app_id_idx ON grants (app_id, operator_id) WHERE is_current;
-- Expiry notices.
CREATE INDEX grants_expires_at_idx ON grants (expires_at) WHERE is_current AND revoked_at IS NULL AND expires_at IS NOT NULL;

CREATE TABLE app_requests (
    operator_id    uuid NOT NULL REFERENCES operators (id),
    id             uuid NOT NULL,
    app_id         uuid NOT NULL REFERENCES applications (id),
    reason         text NOT NULL,
    status         text NOT NULL DEFAULT 'pending',
    reject_reason  text,
    reviewed_by    text,
    reviewed_at    timestamptz,
    created_at     timestamptz NOT NULL,
    CONSTRAINT app_requests_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT app_requests_status_known CHECK (status IN ('pending', 'approved', 'rejected'))
);

-- One open request per operator and application.
CREATE UNIQUE INDEX app_requests_pending_key ON app_requests (operator_id, app_id) WHERE status = 'pending';
-- The admin's list by status, newest first.
CREATE INDEX app_requests_status_idx ON app_requests (status, id);

GRANT SELECT, INSERT, UPDATE ON sites, applications, grants, app_requests TO coinslot_app;
GRANT SELECT, INSERT ON application_prices TO coinslot_app;
