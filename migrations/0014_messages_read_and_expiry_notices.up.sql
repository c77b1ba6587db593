-- How many have read an announcement. Only messages that were read stand in the index: the count reads nothing else, and
-- sending to everybody writes no entry to it.
DROP INDEX messages_announcement_idx;
CREATE INDEX messages_announcement_reads_idx ON messages (announcement_id)
    WHERE announcement_id IS NOT NULL AND read_at IS NOT NULL;
-- The counts are read from indexes alone where vacuum has been. An announcement to everybody, and the reads that follow,
-- are worth a visit long before a fifth of the table has changed.
ALTER TABLE messages SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_insert_scale_factor = 0.02);

-- Noting that an expiry notice was sent changes nothing that an authorization reads, so it neither locks the account
-- nor makes the writers read the grant again.
DROP TRIGGER grants_raise_places_version ON grants;
CREATE TRIGGER grants_raise_places_version
    AFTER INSERT OR DELETE OR UPDATE OF operator_id, id, app_id, is_current, expires_at, revoked_at ON grants
    FOR EACH ROW EXECUTE FUNCTION raise_places_version();
