-- Staff name a request or a grant by its id alone, and list them all, newest first. Neither begins with the operator.
CREATE INDEX app_requests_id_idx ON app_requests (id);
CREATE INDEX grants_id_idx ON grants (id);
