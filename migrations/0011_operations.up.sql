-- Readiness: the newest migration of this database. The migrator's table belongs to the owner, and the application
-- may read nothing of it but this.
CREATE FUNCTION schema_version() RETURNS bigint LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $$
BEGIN
    RETURN (SELECT max(version) FROM _sqlx_migrations WHERE success);
END
$$;

GRANT EXECUTE ON FUNCTION schema_version() TO coinslot_app;

-- The metric of top-ups by payment method, summed from the index alone.
CREATE INDEX ledger_movements_recharge_sums_idx ON ledger_movements (payment_method) INCLUDE (amount_fen)
    WHERE kind = 'recharge';
