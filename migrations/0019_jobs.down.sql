DROP INDEX email_outbox_status_idx;
DROP TABLE jobs;
