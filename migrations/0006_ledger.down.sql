DROP VIEW ledger_entries;
DROP TABLE ledger_movements;
DROP TABLE session_ends;
DROP TABLE usage_records;
