-- News for the open streams of events (src/live), told inside the transaction that causes it, so that whatever changes
-- these tables is heard by every instance, after its commit and only then. Payloads are a topic and what it concerns:
-- `balance op op…`, `message op op…`, `order op:id`, `account id`, `dashboard`.
--
-- Not on usage_records: NOTIFY takes a lock of the whole database until the commit, which would line the writers of
-- charges up behind one another. They tell of their charges themselves.

-- Which operators the rows of a statement belong to. A payload holds less than 8000 bytes; 200 ids take 7400.
CREATE FUNCTION tell_operators() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live', TG_ARGV[0] || ' ' || string_agg(operator_id::text, ' '))
    FROM (
        SELECT operator_id, (row_number() OVER (ORDER BY operator_id) - 1) / 200 AS part
        FROM (SELECT DISTINCT operator_id FROM changed) AS operators) AS parts
    GROUP BY part;
    RETURN NULL;
END
$$;

-- One row of an operator.
CREATE FUNCTION tell_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live', TG_ARGV[0] || ' ' || NEW.operator_id || ':' || NEW.id);
    RETURN NULL;
END
$$;

-- Totals that staff see on their dashboards.
CREATE FUNCTION tell_dashboards() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live', 'dashboard');
    RETURN NULL;
END
$$;

-- An account that may have been signed out.
CREATE FUNCTION tell_account() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_notify('live', 'account ' || NEW.subject_id);
    RETURN NULL;
END
$$;

CREATE TRIGGER tell_live AFTER INSERT ON ledger_movements REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tell_operators('balance');
CREATE TRIGGER tell_live_of_insert AFTER INSERT ON messages REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tell_operators('message');
CREATE TRIGGER tell_live_of_update AFTER UPDATE ON messages REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION tell_operators('message');

CREATE TRIGGER tell_live_of_insert AFTER INSERT ON recharge_orders
    FOR EACH ROW EXECUTE FUNCTION tell_row('order');
CREATE TRIGGER tell_live_of_update AFTER UPDATE OF status ON recharge_orders
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION tell_row('order');
CREATE TRIGGER tell_live_of_insert AFTER INSERT ON refunds
    FOR EACH ROW EXECUTE FUNCTION tell_row('refund');
CREATE TRIGGER tell_live_of_update AFTER UPDATE OF status, payout_status ON refunds
    FOR EACH ROW WHEN ((OLD.status, OLD.payout_status) IS DISTINCT FROM (NEW.status, NEW.payout_status))
    EXECUTE FUNCTION tell_row('refund');
CREATE TRIGGER tell_live_of_insert AFTER INSERT ON invoices
    FOR EACH ROW EXECUTE FUNCTION tell_row('invoice');
CREATE TRIGGER tell_live_of_update AFTER UPDATE OF status ON invoices
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION tell_row('invoice');
CREATE TRIGGER tell_live_of_insert AFTER INSERT ON app_requests
    FOR EACH ROW EXECUTE FUNCTION tell_row('app_request');
CREATE TRIGGER tell_live_of_update AFTER UPDATE OF status ON app_requests
    FOR EACH ROW WHEN (OLD.status <> NEW.status) EXECUTE FUNCTION tell_row('app_request');

CREATE TRIGGER tell_live_of_insert AFTER INSERT ON operators
    FOR EACH STATEMENT EXECUTE FUNCTION tell_dashboards();
CREATE TRIGGER tell_live_of_update AFTER UPDATE OF locked_at, deactivated_at ON operators
    FOR EACH ROW WHEN ((OLD.locked_at, OLD.deactivated_at) IS DISTINCT FROM (NEW.locked_at, NEW.deactivated_at))
    EXECUTE FUNCTION tell_dashboards();
CREATE TRIGGER tell_live AFTER INSERT ON applications
    FOR EACH STATEMENT EXECUTE FUNCTION tell_dashboards();

CREATE TRIGGER tell_live AFTER UPDATE OF revoked_at ON access_tokens
    FOR EACH ROW WHEN (OLD.revoked_at IS DISTINCT FROM NEW.revoked_at) EXECUTE FUNCTION tell_account();
