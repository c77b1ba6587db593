-- Finance lists the top-ups, refunds or corrections of all operators, newest first. Movements are few; charges, which are
-- many, get no such index (src/ledger/list_all.rs).
CREATE INDEX ledger_movements_kind_idx ON ledger_movements (kind, id);
