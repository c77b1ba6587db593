DROP FUNCTION create_log_partitions(date, integer);
DROP TABLE security_events;
DROP TABLE authorization_log;
DROP TABLE audit_chain;
DROP TABLE audit_log;
