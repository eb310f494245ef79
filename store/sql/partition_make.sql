-- Make the weeks of the outbox that are missing: this one and $1 ahead.
-- $1 int4 weeks    -> made int4
select event_partitions_make($1::int) as made;
