DROP TABLE email_outbox;
DROP TABLE messages;
DROP TABLE announcements;
