-- What goes along with an e-mail: the document of an invoice, for instance. At most one for each.
CREATE TABLE email_attachments (
    email_id    uuid PRIMARY KEY REFERENCES email_outbox (id) ON DELETE CASCADE,
    file_name   text NOT NULL,
    media_type  text NOT NULL,
    content     bytea NOT NULL
);

GRANT SELECT, INSERT ON email_attachments TO coinslot_app;
