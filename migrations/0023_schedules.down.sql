DROP FUNCTION drop_authorization_log_partitions(integer, timestamptz);
REVOKE DELETE ON email_outbox FROM coinslot_app;
DROP TABLE schedule_runs;
DROP TABLE schedules;
CREATE TABLE job_runs (
    job          text NOT NULL,
    slot         timestamptz NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    error        text,
    CONSTRAINT job_runs_pkey PRIMARY KEY (job, slot)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON job_runs TO coinslot_app;
