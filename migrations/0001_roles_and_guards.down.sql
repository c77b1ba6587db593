DROP FUNCTION assert_row_count(bigint, bigint);
DROP FUNCTION refuse_change();
REVOKE ALL ON SCHEMA public FROM coinslot_app;
-- The role stays: other databases of the cluster may use it.
