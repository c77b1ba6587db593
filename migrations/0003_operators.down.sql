DROP TABLE operator_api_keys;
DROP TABLE operator_accounts;
DROP TABLE operators;
