-- All consumers, how far they are, and with what they come.
-- $1 broker    -> consumer, position, behind int8, acked_at text, tokens int8 valid ones, feedback int8 events told back,
--   secret_file
select c.consumer, c.position,
       greatest(0, coalesce((select position from sequence_head where broker = $1), 0) - c.position) as behind,
       to_char(c.acked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as acked_at,
       (select count(*) from api_token t where t.broker = $1 and t.consumer = c.consumer and t.revoked_at is null)
	as tokens,
       (select count(*) from feedback f where f.broker = $1 and f.consumer = c.consumer) as feedback,
       c.secret_file
from consumer c
where c.broker = $1
order by c.consumer;
