-- What staff did, and what operators did that matters. Partitioned by month; rows are never changed.
CREATE TABLE audit_log (
    id                    uuid NOT NULL,
    created_at            timestamptz NOT NULL,
    actor_type            text NOT NULL,
    actor_id              uuid,
    actor_name            text NOT NULL,
    operation_type        text NOT NULL,
    target_resource_type  text,
    target_resource_id    text,
    operation_details     jsonb NOT NULL DEFAULT '{}',
    outcome               text NOT NULL,
    ip_address            inet,
    user_agent            text,
    seq                   bigint NOT NULL,
    entry_hash            bytea NOT NULL,
    CONSTRAINT audit_log_pkey PRIMARY KEY (created_at, id),
    CONSTRAINT audit_log_actor_type_known CHECK (actor_type IN ('operator', 'admin', 'finance', 'analyst', 'system'))
) PARTITION BY RANGE (created_at);

-- Filters of the audit views, newest first.
CREATE INDEX audit_log_actor_idx ON audit_log (actor_id, created_at);
CREATE INDEX audit_log_operation_idx ON audit_log (operation_type, created_at);

-- The newest link of the audit chain; its row lock orders the writers.
CREATE TABLE audit_chain (
    only_row    boolean PRIMARY KEY DEFAULT true,
    seq         bigint NOT NULL,
    entry_hash  bytea NOT NULL,
    CONSTRAINT audit_chain_has_one_row CHECK (only_row)
);
INSERT INTO audit_chain (seq, entry_hash) VALUES (0, decode(repeat('00', 32), 'hex'));

-- Every authorization request. For a charge the id is the usage record's id, so that a row lost in a crash before it
-- was flushed is written again from the usage record (authorization::log).
CREATE TABLE authorization_log (
    id            uuid NOT NULL,
    created_at    timestamptz NOT NULL,
    latency_us    bigint,
    operator_id   uuid,
    site_id       uuid,
    app_id        uuid,
    session_id    text,
    player_count  integer,
    result        text NOT NULL,
    error_code    text,
    call          text NOT NULL,
    ip_address    inet,
    user_agent    text,
    request_id    text,
    CONSTRAINT authorization_log_pkey PRIMARY KEY (created_at, id),
    CONSTRAINT authorization_log_result_known CHECK (result IN ('success', 'replayed', 'refused')),
    CONSTRAINT authorization_log_call_known CHECK (call IN ('authorize', 'pre_authorize', 'config', 'end_session'))
) PARTITION BY RANGE (created_at);

-- The admin's filter by operator. Result and address are filtered along the time order of the primary key.
CREATE INDEX authorization_log_operator_idx ON authorization_log (operator_id, created_at);

CREATE TABLE security_events (
    id            uuid PRIMARY KEY,
    kind          text NOT NULL,
    ip_address    inet,
    operator_ids  uuid[] NOT NULL DEFAULT '{}',
    evidence      jsonb NOT NULL DEFAULT '{}',
    created_at    timestamptz NOT NULL,
    CONSTRAINT security_events_kind_known CHECK (kind IN ('ip_failures', 'ip_many_keys', 'login_throttled', 'locked', 'unlocked'))
);

-- Creates the partitions of both logs from the month of `from_day` to `months_ahead` months later. Runs as the owner,
-- because the application may not create tables; several instances may call it at once.
CREATE FUNCTION create_log_partitions(from_day date, months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    created integer := 0;
    month date;
    parent text;
    partition text;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('create_log_partitions'));
    FOR step IN 0..months_ahead LOOP
        month := (date_trunc('month', from_day) + make_interval(months => step))::date;
        FOREACH parent IN ARRAY ARRAY['audit_log', 'authorization_log'] LOOP
            partition := parent || to_char(month, '"_y"YYYY"m"MM');
            CONTINUE WHEN to_regclass(partition) IS NOT NULL;
            EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)', partition, parent,
                month::timestamp AT TIME ZONE 'UTC', (month + interval '1 month')::timestamp AT TIME ZONE 'UTC');
            -- A statement trigger of the parent does not fire for a statement that names the partition.
            EXECUTE format('CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON %I '
                'FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', partition);
            created := created + 1;
        END LOOP;
    END LOOP;
    RETURN created;
END
$$;

-- Rows outside every month's partition (a clock gone wrong, a history from before the first start) are kept all the same.
CREATE TABLE audit_log_default PARTITION OF audit_log DEFAULT;
CREATE TABLE authorization_log_default PARTITION OF authorization_log DEFAULT;

CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authorization_log_default
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER authorization_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON authorization_log
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

GRANT SELECT, INSERT ON audit_log, authorization_log, security_events TO coinslot_app;
GRANT SELECT, UPDATE ON audit_chain TO coinslot_app;
GRANT EXECUTE ON FUNCTION create_log_partitions(date, integer) TO coinslot_app;
