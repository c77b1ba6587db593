DROP FUNCTION tell_account() CASCADE;
DROP FUNCTION tell_dashboards() CASCADE;
DROP FUNCTION tell_row() CASCADE;
DROP FUNCTION tell_operators() CASCADE;
