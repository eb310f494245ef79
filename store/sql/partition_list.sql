-- The weeks of the outbox, oldest first; events is an estimate, and held says who needs one of them.
-- $1 int8 seconds that events are kept
--   -> partition text, since text, until text, events int8, bytes int8, old bool, holder text or null: nobody
select c.relname as partition, to_char(week, 'YYYY-MM-DD') as since, to_char(week + 7, 'YYYY-MM-DD') as until,
       greatest(c.reltuples, 0)::int8 as events, pg_total_relation_size(c.oid) as bytes, old,
       case when old then event_partition_holder(c.relname::text) end as holder
from pg_inherits i
join pg_class c on c.oid = i.inhrelid
cross join lateral (select to_date(substr(c.relname, 7), 'YYYYMMDD') as week) as w
cross join lateral (select (week + 7)::timestamp at time zone 'UTC' < now() - $1::int8 * interval '1 second' as old) as o
where i.inhparent = 'event'::regclass and c.relname ~ '^event_[0-9]{8}$'
order by c.relname;
