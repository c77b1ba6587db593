DROP TABLE access_tokens;
DROP TABLE staff_accounts;
