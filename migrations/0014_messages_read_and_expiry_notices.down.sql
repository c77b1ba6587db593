DROP TRIGGER grants_raise_places_version ON grants;
CREATE TRIGGER grants_raise_places_version AFTER INSERT OR UPDATE OR DELETE ON grants
    FOR EACH ROW EXECUTE FUNCTION raise_places_version();
ALTER TABLE messages RESET (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
DROP INDEX messages_announcement_reads_idx;
CREATE INDEX messages_announcement_idx ON messages (announcement_id) WHERE announcement_id IS NOT NULL;
