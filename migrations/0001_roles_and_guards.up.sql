-- The server works as coinslot_app, which holds only the privileges granted below; migrations run as the owner.
-- Roles belong to the whole cluster, so another database's migration may have created it already.
DO $$
BEGIN
    CREATE ROLE coinslot_app NOLOGIN;
EXCEPTION WHEN duplicate_object OR unique_violation THEN
    NULL;
END
$$;

GRANT coinslot_app TO CURRENT_USER;
GRANT USAGE ON SCHEMA public TO coinslot_app;

-- Statement-level guard of append-only tables. An INSERT never meets it, so the hot path pays nothing.
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
END
$$;

-- Raises inside the statement, before the COMMIT that may already be on its way, when a write touched the wrong
-- number of rows.
CREATE FUNCTION assert_row_count(actual bigint, expected bigint) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    IF actual <> expected THEN
        RAISE EXCEPTION 'wrote % rows, expected %', actual, expected USING ERRCODE = 'cardinality_violation';
    END IF;
    RETURN true;
END
$$;
