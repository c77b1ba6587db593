DROP TRIGGER grants_raise_places_version ON grants;
DROP TRIGGER sites_raise_places_version ON sites;
DROP FUNCTION raise_places_version();
ALTER TABLE operator_accounts DROP COLUMN places_version;
