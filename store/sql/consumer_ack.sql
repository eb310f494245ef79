-- Everything up to a position is done: forward, or also back if $4. The same position again changes nothing.
-- $1 broker, $2 consumer, $3 int8 position, $4 bool    -> position int8 and acked_at text as they stand now: greater
--   than $3 if it was not moved back; no row if there is no such consumer
with moved as (
	update consumer
	set position = case when $4::bool then $3::bigint else greatest(position, $3::bigint) end,
	    acked_at = case when $4::bool or position <= $3::bigint then now() else acked_at end
	where broker = $1 and consumer = $2
	returning position, acked_at
)
select position, to_char(acked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acked_at from moved;
