ALTER TABLE invoices DROP CONSTRAINT invoices_approved_has_pdf;
DROP INDEX ledger_movements_kind_idx;
