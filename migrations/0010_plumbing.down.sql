DROP TABLE instances;
DROP TABLE job_runs;
DROP TABLE reports;
DROP TABLE rate_windows;
DROP TABLE idempotency_keys;
