DROP TABLE usage_rollup_zone, usage_rollup_marks, usage_rollups;
