-- All endpoints and how far they are. behind counts the events of the endpoint's types that are not delivered,
-- waiting_since is the oldest of them.
-- $1 broker
--   -> endpoint, url, types text, state, position int8, behind int8, waiting_since text, delivered int8,
--      delivered_at text, failures int4, next_attempt_at text, last_error
select p.endpoint, p.url, array_to_string(p.types, ',') as types, p.state, p.position, lag.behind,
       to_char(lag.since at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as waiting_since,
       p.delivered,
       to_char(p.delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as delivered_at,
       p.failures,
       case when p.failures > 0 and p.state = 'active' then
	    to_char(p.next_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
       end as next_attempt_at,
       p.last_error
from endpoint p
cross join lateral (
	select count(*) as behind, min(v.occurred_at) as since
	from event v
	where v.broker = p.broker and (v.position > p.position or v.position is null)
	  and (p.types is null or v.type = any (p.types))
) as lag
where p.broker = $1
order by p.endpoint;
