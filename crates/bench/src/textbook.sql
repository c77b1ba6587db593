-- The textbook transaction for one game: eight round trips, one game at a time.
-- The client knows its operator; here the id is computed, because pgbench has no list to take it from. The session's
-- time is the client's clock, which pgbench does not have either, so it comes with the first answer.
-- No key refers to the site of a game, so the operator's own id stands for it.
\set operator random(1, :operators)
\set players random(2, 8)
\set nonce random(1000000000000000, 9007199254740991)
BEGIN;
SELECT operator_id, balance_fen, entry_seq + 1 AS seq,
       (extract(epoch FROM clock_timestamp()) * 1000)::bigint AS session_ms
FROM operator_accounts
WHERE operator_id = ('00000000-0000-7000-8000-' || lpad(:operator, 12, '0'))::uuid FOR UPDATE \gset
SELECT id FROM usage_records
WHERE operator_id = :operator_id AND session_ms = :session_ms AND session_nonce = :nonce;
SELECT a.unit_price_fen, a.name AS app_name
FROM grants g JOIN applications a ON a.id = g.app_id
WHERE g.operator_id = :operator_id AND g.app_id = :app_id AND g.is_current AND g.revoked_at IS NULL
  AND a.is_active \gset
\set total_fen :unit_price_fen * :players
\set balance_after_fen :balance_fen - :total_fen
UPDATE operator_accounts SET balance_fen = :balance_after_fen, entry_seq = :seq WHERE operator_id = :operator_id;
INSERT INTO usage_records (operator_id, id, session_ms, seq, unit_price_fen, total_fen, balance_before_fen,
    balance_after_fen, authorized_at, site_id, app_id, authorization_token, player_count, session_nonce, app_name,
    client_ip, entry_hash)
VALUES (:operator_id, gen_random_uuid(), :session_ms, :seq, :unit_price_fen, :total_fen, :balance_fen,
    :balance_after_fen, now(), :operator_id, :app_id, gen_random_uuid(), :players, :nonce, :app_name,
    '127.0.0.1', '\x0000000000000000000000000000000000000000000000000000000000000000')
RETURNING id AS usage_id \gset
INSERT INTO bench_transactions (id, operator_id, usage_id, kind, amount_fen, balance_before_fen, balance_after_fen,
    created_at)
VALUES (gen_random_uuid(), :operator_id, :usage_id, 'consumption', :total_fen, :balance_fen, :balance_after_fen,
    now());
COMMIT;
