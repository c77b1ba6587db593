-- Indexes of the views of the logs and of the anomaly watch. An index on a partitioned table is one on each partition,
-- also on those to come.

-- The administrator's filter by result: nearly all attempts succeed, and those are found along the primary key; the few
-- others would not be. The anomaly watch reads the failures of its window from it, so that a look costs as much as there
-- are failures, not attempts.
CREATE INDEX authorization_log_unsuccessful_idx ON authorization_log (result, created_at, id)
    WHERE result <> 'success';
-- The same for one operator: why is it refused?
CREATE INDEX authorization_log_operator_unsuccessful_idx ON authorization_log (operator_id, result, created_at)
    WHERE result <> 'success';
-- The administrator's filter by address: what else came from there, asked after every incident. Of the indexes here it is
-- the only one that every attempt pays for.
CREATE INDEX authorization_log_ip_idx ON authorization_log (ip_address, created_at);

-- The finance staff's view: what they did is little among what operators did.
CREATE INDEX audit_log_finance_idx ON audit_log (created_at, id) WHERE actor_type = 'finance';
-- The check of the chain reads in its order instead of sorting the whole log.
CREATE INDEX audit_log_seq_idx ON audit_log (seq);

-- The administrator's filter by kind; whether an incident is known already, and who was unlocked lately.
CREATE INDEX security_events_kind_idx ON security_events (kind, id);
