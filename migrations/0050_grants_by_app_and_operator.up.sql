-- With app_id alone this index was a way to read one operator's grant: the plan of an empty database, which a
-- connection keeps, then went through every grant of the application. With both columns either index is exact.
DROP INDEX grants_app_id_idx;
-- Who must hear of a price change; the admin's filter by application.
CREATE INDEX grants_app_id_idx ON grants (app_id, operator_id) WHERE is_current;
