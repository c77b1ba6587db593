DROP INDEX ledger_movements_recharge_sums_idx;
DROP FUNCTION schema_version();
