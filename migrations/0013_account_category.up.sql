-- The category decides when a balance is low, so it stands in the row that every authorization locks, like the state.
ALTER TABLE operator_accounts ADD COLUMN category text NOT NULL DEFAULT 'trial',
    ADD CONSTRAINT operator_accounts_category_known CHECK (category IN ('trial', 'normal', 'vip'));
UPDATE operator_accounts a SET category = o.category FROM operators o WHERE o.id = a.operator_id;
ALTER TABLE operator_accounts ALTER COLUMN category DROP DEFAULT;
ALTER TABLE operators DROP COLUMN category;
