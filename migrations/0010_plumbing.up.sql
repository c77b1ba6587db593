-- Answers of requests that carried an Idempotency-Key, kept for 24 hours.
CREATE TABLE idempotency_keys (
    account_id   uuid NOT NULL,
    endpoint     text NOT NULL,
    key          text NOT NULL,
    body_hash    bytea NOT NULL,
    status       integer,
    response     bytea,
    created_at   timestamptz NOT NULL,
    CONSTRAINT idempotency_keys_pkey PRIMARY KEY (account_id, endpoint, key)
);

-- The clean-up after 24 hours.
CREATE INDEX idempotency_keys_created_at_idx ON idempotency_keys (created_at);

-- Requests counted across instances: by address, by account, by sign-in name. Losing it in a crash only forgets how
-- often somebody has just asked, so it is not written to the WAL.
CREATE UNLOGGED TABLE rate_windows (
    kind          text NOT NULL,
    key           text NOT NULL,
    started_ms    bigint NOT NULL,
    used          bigint NOT NULL,
    CONSTRAINT rate_windows_pkey PRIMARY KEY (kind, key)
)
WITH (fillfactor = 50);

CREATE TABLE reports (
    id             uuid PRIMARY KEY,
    report_type    text NOT NULL,
    start_date     date NOT NULL,
    end_date       date NOT NULL,
    format         text NOT NULL,
    sections       text[] NOT NULL,
    status         text NOT NULL DEFAULT 'generating',
    progress       integer NOT NULL DEFAULT 0,
    file_name      text,
    file_size      bigint,
    file_sha256    bytea,
    error_message  text,
    created_by     text NOT NULL,
    created_at     timestamptz NOT NULL,
    completed_at   timestamptz,
    CONSTRAINT reports_type_known CHECK (report_type IN ('daily', 'weekly', 'monthly', 'custom')),
    CONSTRAINT reports_format_known CHECK (format IN ('pdf', 'excel')),
    CONSTRAINT reports_status_known CHECK (status IN ('generating', 'completed', 'failed')),
    CONSTRAINT reports_progress_in_range CHECK (progress BETWEEN 0 AND 100),
    CONSTRAINT reports_dates_ordered CHECK (start_date <= end_date)
);

-- The list, newest first, by type.
CREATE INDEX reports_type_idx ON reports (report_type, id);

-- When each scheduled job ran, and how it ended. `slot` is the time it was due: one run per slot on any number of
-- instances.
CREATE TABLE job_runs (
    job          text NOT NULL,
    slot         timestamptz NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    error        text,
    CONSTRAINT job_runs_pkey PRIMARY KEY (job, slot)
);

-- Running instances. One that dies without taking its row away leaves word of since when its share of the authorization
-- log may be incomplete.
CREATE TABLE instances (
    id            uuid PRIMARY KEY,
    seen_at       timestamptz NOT NULL,
    logged_until  timestamptz NOT NULL
);

GRANT SELECT, INSERT, UPDATE, DELETE ON idempotency_keys, rate_windows, job_runs, instances TO coinslot_app;
GRANT SELECT, INSERT, UPDATE ON reports TO coinslot_app;
