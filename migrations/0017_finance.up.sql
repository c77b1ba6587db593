-- Finance lists the top-ups, refunds or corrections of all operators, newest first. Movements are few; charges, which are
-- many, get no such index (src/ledger/list_all.rs).
CREATE INDEX ledger_movements_kind_idx ON ledger_movements (kind, id);

-- An approved invoice has its document: both are made in one transaction.
ALTER TABLE invoices
    ADD CONSTRAINT invoices_approved_has_pdf CHECK (status <> 'approved' OR pdf IS NOT NULL);
