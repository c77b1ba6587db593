DROP TABLE app_requests;
DROP TABLE grants;
DROP TABLE application_prices;
DROP TABLE applications;
DROP TABLE sites;
