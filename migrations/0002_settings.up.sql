-- Every business number of the product. Read whole, every few seconds, by every instance.
CREATE TABLE system_configs (
    key           text PRIMARY KEY,
    value         jsonb NOT NULL,
    default_value jsonb NOT NULL,
    value_type    text NOT NULL,
    category      text NOT NULL,
    description   text NOT NULL,
    is_editable   boolean NOT NULL DEFAULT true,
    updated_at    timestamptz NOT NULL DEFAULT now(),
    updated_by    text,
    CONSTRAINT system_configs_value_type_known CHECK (value_type IN ('string', 'integer', 'decimal', 'boolean', 'json'))
);

GRANT SELECT, INSERT, UPDATE ON system_configs TO coinslot_app;
