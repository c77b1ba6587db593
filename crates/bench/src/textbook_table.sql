-- The second table of the textbook, which our schema does not need: there the charge is the transaction.
CREATE TABLE bench_transactions (
    id                  uuid PRIMARY KEY,
    operator_id         uuid NOT NULL,
    usage_id            uuid NOT NULL,
    kind                text NOT NULL,
    amount_fen          bigint NOT NULL,
    balance_before_fen  bigint NOT NULL,
    balance_after_fen   bigint NOT NULL,
    created_at          timestamptz NOT NULL
);
