-- Rises with every change of an operator's sites or grants. A writer that remembers what it read of them compares this
-- number under the account's lock, instead of reading them again for every game.
ALTER TABLE operator_accounts ADD COLUMN places_version bigint NOT NULL DEFAULT 0;

CREATE FUNCTION raise_places_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE operator_accounts SET places_version = places_version + 1
    WHERE operator_id = CASE TG_OP WHEN 'DELETE' THEN OLD.operator_id ELSE NEW.operator_id END;
    RETURN NULL;
END
$$;

CREATE TRIGGER sites_raise_places_version AFTER INSERT OR UPDATE OR DELETE ON sites
    FOR EACH ROW EXECUTE FUNCTION raise_places_version();
CREATE TRIGGER grants_raise_places_version AFTER INSERT OR UPDATE OR DELETE ON grants
    FOR EACH ROW EXECUTE FUNCTION raise_places_version();
