-- Sums over the usage records, so that figures of a year need not read a year of games. They are a copy: what they say
-- can be computed again from the records at any time (src/statistics/rollups).
--
-- One row holds the games of a block of days that agree in what its dimensions tell apart; what they do not tell apart
-- is the nil id or 0. `dimensions` numbers the set of dimensions, `level` the length of the block (4 to the power of the
-- level, in days), and `day` its first day, counted from 1970-01-01 in the zone of usage_rollup_zone.
CREATE TABLE usage_rollups (
    dimensions    smallint NOT NULL,
    level         smallint NOT NULL,
    day           integer NOT NULL,
    operator_id   uuid NOT NULL,
    site_id       uuid NOT NULL,
    app_id        uuid NOT NULL,
    player_count  integer NOT NULL,
    sessions      bigint NOT NULL,
    players       bigint NOT NULL,
    cost_fen      bigint NOT NULL,
    CONSTRAINT usage_rollups_pkey PRIMARY KEY (dimensions, level, day, operator_id, site_id, app_id, player_count)
)
-- Rows of today are updated all day long; with room on their page no index is touched (HOT).
WITH (fillfactor = 80);

-- How far the records of an operator are folded into the sums: up to and including this record, so many in all.
CREATE TABLE usage_rollup_marks (
    operator_id  uuid NOT NULL REFERENCES operators (id),
    through_id   uuid NOT NULL,
    sessions     bigint NOT NULL,
    CONSTRAINT usage_rollup_marks_pkey PRIMARY KEY (operator_id)
)
WITH (fillfactor = 50);

-- The time zone whose days the sums have, empty before the first folding, and the first and last day that have any.
CREATE TABLE usage_rollup_zone (
    only_row   boolean PRIMARY KEY DEFAULT true,
    name       text NOT NULL,
    first_day  integer,
    last_day   integer,
    CONSTRAINT usage_rollup_zone_has_one_row CHECK (only_row)
);
INSERT INTO usage_rollup_zone (name) VALUES ('');

GRANT SELECT, INSERT, UPDATE, DELETE ON usage_rollups, usage_rollup_marks TO coinslot_app;
GRANT SELECT, UPDATE ON usage_rollup_zone TO coinslot_app;
