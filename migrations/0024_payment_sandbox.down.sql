DROP TABLE sandbox_records;
DROP SEQUENCE sandbox_changes;
DROP TABLE sandbox_keys;
