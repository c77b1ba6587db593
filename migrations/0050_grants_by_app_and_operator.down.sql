DROP INDEX grants_app_id_idx;
CREATE INDEX grants_app_id_idx ON grants (app_id) WHERE is_current;
