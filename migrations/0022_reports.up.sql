-- The file of a report lies in the data directory under the report's id; the row says what it must be. The last error is
-- for those who look after the platform.
ALTER TABLE reports DROP COLUMN file_name;
ALTER TABLE reports RENAME COLUMN error_message TO last_error;
ALTER TABLE reports
    ADD COLUMN is_automatic boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT reports_at_most_a_year CHECK (end_date - start_date <= 365),
    ADD CONSTRAINT reports_completed_has_file CHECK (
        status <> 'completed'
        OR (progress = 100 AND file_size > 0 AND octet_length(file_sha256) = 32 AND completed_at IS NOT NULL));

-- A schedule that runs twice, or on two instances, makes one report.
CREATE UNIQUE INDEX reports_automatic_key ON reports (report_type, start_date, end_date, format) WHERE is_automatic;
-- What has been kept long enough.
CREATE INDEX reports_created_at_idx ON reports (created_at);

GRANT DELETE ON reports TO coinslot_app;
