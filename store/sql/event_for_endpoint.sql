-- The next events after an endpoint's cursor, of all types, so that the cursor can pass the unwanted ones;
-- of those only the position is read.
-- $1 broker, $2 int8 position, $3 int4 how many, $4 text[] types or null: all
--   -> position int8, wanted bool, id uuid, type, aggregatetype, aggregateid, payload jsonb, occurred text,
--      customersequence int8, correlationid, causationid uuid, recorded text
select position,
       wanted,
       case when wanted then id end as id,
       case when wanted then type end as type,
       case when wanted then aggregatetype end as aggregatetype,
       case when wanted then aggregateid end as aggregateid,
       case when wanted then payload end as payload,
       case when wanted then
	    to_char(occurred_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') end as occurred,
       case when wanted then customersequence end as customersequence,
       case when wanted then correlationid end as correlationid,
       case when wanted then causationid end as causationid,
       case when wanted then
	    to_char(recordedtime at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') end as recorded
from (
	select *, ($4::text[] is null or type = any ($4::text[])) as wanted
	from event
	where broker = $1 and position > $2::bigint
	order by position
	limit $3::int
) as next
order by position;
