REVOKE DELETE ON reports FROM coinslot_app;
DROP INDEX reports_created_at_idx;
DROP INDEX reports_automatic_key;
ALTER TABLE reports
    DROP CONSTRAINT reports_completed_has_file,
    DROP CONSTRAINT reports_at_most_a_year,
    DROP COLUMN is_automatic;
ALTER TABLE reports RENAME COLUMN last_error TO error_message;
ALTER TABLE reports ADD COLUMN file_name text;
