DROP INDEX grants_id_idx;
DROP INDEX app_requests_id_idx;
