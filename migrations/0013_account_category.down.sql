ALTER TABLE operators ADD COLUMN category text NOT NULL DEFAULT 'trial',
    ADD CONSTRAINT operators_category_known CHECK (category IN ('trial', 'normal', 'vip'));
UPDATE operators o SET category = a.category FROM operator_accounts a WHERE a.operator_id = o.id;
ALTER TABLE operators ALTER COLUMN category DROP DEFAULT;
ALTER TABLE operator_accounts DROP COLUMN category;
