-- Work to be done after a commit, enqueued in the transaction that causes it. `due_at` is when a job may be taken: when
-- its time has come, or when the lease ends of whoever has it in hand. `attempts` counts how often it was taken, and tells
-- the one who has it from those who had it before. What is done is deleted; what was given up stays, as `dead`.
CREATE TABLE jobs (
    id          uuid PRIMARY KEY,
    kind        text NOT NULL,
    payload     jsonb NOT NULL,
    status      text NOT NULL DEFAULT 'pending',
    due_at      timestamptz NOT NULL,
    attempts    integer NOT NULL DEFAULT 0,
    last_error  text,
    created_at  timestamptz NOT NULL,
    CONSTRAINT jobs_status_known CHECK (status IN ('pending', 'dead'))
);

-- What is due, oldest first.
CREATE INDEX jobs_due_idx ON jobs (due_at, id) WHERE status = 'pending';
-- What was given up.
CREATE INDEX jobs_dead_idx ON jobs (kind, id) WHERE status = 'dead';

GRANT SELECT, INSERT, UPDATE, DELETE ON jobs TO coinslot_app;

-- The list by status, newest first.
CREATE INDEX email_outbox_status_idx ON email_outbox (status, id);

-- E-mails that were written before anything sent them.
INSERT INTO jobs (id, kind, payload, due_at, created_at)
SELECT id, 'send_email', jsonb_build_object('email_id', id), created_at, created_at
FROM email_outbox WHERE status = 'pending';
