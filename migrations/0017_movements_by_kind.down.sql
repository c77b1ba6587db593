DROP INDEX ledger_movements_kind_idx;
