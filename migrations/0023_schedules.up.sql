-- Nothing was ever written to it.
DROP TABLE job_runs;

-- How far each schedule has been looked after: a slot at or before `taken_until` is nobody's any more. A schedule begins
-- with the moment in which an instance first knows it. The row's lock orders the instances.
CREATE TABLE schedules (
    name         text PRIMARY KEY,
    taken_until  timestamptz NOT NULL
);

-- What the schedules did. `slot` is the time a run was due, or asked for by somebody: one run per slot on any number of
-- instances. A run is written with its job, in one transaction, and finished in the one that ends the job.
CREATE TABLE schedule_runs (
    name          text NOT NULL,
    slot          timestamptz NOT NULL,
    requested_by  text,
    -- When the latest attempt began.
    started_at    timestamptz,
    finished_at   timestamptz,
    result        text,
    error         text,
    -- Whether its failure was told of by e-mail.
    alerted       boolean NOT NULL DEFAULT false,
    CONSTRAINT schedule_runs_pkey PRIMARY KEY (name, slot),
    CONSTRAINT schedule_runs_result_known CHECK (result IN ('succeeded', 'failed')),
    CONSTRAINT schedule_runs_finished_has_result CHECK ((finished_at IS NULL) = (result IS NULL))
);

-- A schedule has one run at a time.
CREATE UNIQUE INDEX schedule_runs_unfinished_key ON schedule_runs (name) WHERE finished_at IS NULL;

GRANT SELECT, INSERT, UPDATE ON schedules TO coinslot_app;
GRANT SELECT, INSERT, UPDATE, DELETE ON schedule_runs TO coinslot_app;
-- E-mails that were sent are kept for a time only.
GRANT DELETE ON email_outbox TO coinslot_app;

-- Drops the months of the authorization log that ended `keep_days` or more before `as_of`, and returns their names. Runs as
-- the owner, because the application may not drop tables. It can take nothing of the last 31 days, whatever it is asked
-- and whatever the clock of the asking instance says. While it waits for its lock nobody can write the log, so it gives
-- up soon.
CREATE FUNCTION drop_authorization_log_partitions(keep_days integer, as_of timestamptz) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET lock_timeout = '3s' AS $$
DECLARE
    keep_from timestamptz := LEAST(as_of, now()) - keep_days * interval '24 hours';
    dropped text[] := '{}';
    partition text;
BEGIN
    IF keep_days < 31 THEN
        RAISE EXCEPTION 'the authorization log keeps 31 days' USING ERRCODE = 'insufficient_privilege';
    END IF;
    PERFORM pg_advisory_xact_lock(hashtext('create_log_partitions'));
    FOR partition IN
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'authorization_log'::regclass AND c.relname ~ '^authorization_log_y\d{4}m\d{2}$'
          AND (to_date(right(c.relname, 7), 'YYYY"m"MM') + interval '1 month') AT TIME ZONE 'UTC' <= keep_from
        ORDER BY c.relname
    LOOP
        EXECUTE format('DROP TABLE %I', partition);
        dropped := dropped || partition;
    END LOOP;
    RETURN dropped;
END
$$;

REVOKE EXECUTE ON FUNCTION drop_authorization_log_partitions(integer, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION drop_authorization_log_partitions(integer, timestamptz) TO coinslot_app;
