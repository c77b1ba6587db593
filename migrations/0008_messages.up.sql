CREATE TABLE announcements (
    id                uuid PRIMARY KEY,
    title             text NOT NULL,
    content           text NOT NULL,
    recipients_count  integer NOT NULL,
    created_by        text NOT NULL,
    created_at        timestamptz NOT NULL
);

CREATE TABLE messages (
    operator_id      uuid NOT NULL REFERENCES operators (id),
    id               uuid NOT NULL,
    type             text NOT NULL,
    title            text NOT NULL,
    content          text NOT NULL,
    announcement_id  uuid REFERENCES announcements (id),
    created_at       timestamptz NOT NULL,
    read_at          timestamptz,
    CONSTRAINT messages_pkey PRIMARY KEY (operator_id, id),
    CONSTRAINT messages_type_known CHECK (type IN ('system', 'price_change', 'balance_low', 'authorization'))
);

-- The unread count and the unread list.
CREATE INDEX messages_unread_idx ON messages (operator_id, id) WHERE read_at IS NULL;
-- How many have read an announcement.
CREATE INDEX messages_announcement_idx ON messages (announcement_id) WHERE announcement_id IS NOT NULL;

-- E-mail that waits for SMTP or was sent.
CREATE TABLE email_outbox (
    id          uuid PRIMARY KEY,
    recipient   text NOT NULL,
    subject     text NOT NULL,
    body        text NOT NULL,
    status      text NOT NULL DEFAULT 'pending',
    attempts    integer NOT NULL DEFAULT 0,
    last_error  text,
    created_at  timestamptz NOT NULL,
    sent_at     timestamptz,
    CONSTRAINT email_outbox_status_known CHECK (status IN ('pending', 'sent', 'failed'))
);

GRANT SELECT, INSERT, UPDATE ON messages, email_outbox TO coinslot_app;
GRANT SELECT, INSERT ON announcements TO coinslot_app;
