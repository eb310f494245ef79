-- Forget when endpoints accepted what lay in a week that was dropped, or before.
-- $1 text, partition
delete from event_accepted
where accepted_at < (to_date(substr($1, 7), 'YYYYMMDD') + 7)::timestamp at time zone 'UTC';
