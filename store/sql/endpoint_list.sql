-- All endpoints and how far they are. behind counts the events of the endpoint's types after its cursor, up to 10,001 for
-- more than 10,000: who is far behind is not counted row by row (nor sorted: waiting_since is then close to it). waiting_since
-- is the oldest event that is not delivered, also in a lane that stands aside. blocked counts the lanes whose first
-- event was refused, parked the dead letters. throttle is the number of requests at once, if it was lowered.
-- $1 broker, $2 text[] types of the group customer
--   -> endpoint, url, types text, state, position int8, behind int8, waiting_since text, blocked int8, parked int8,
--      throttle int4 or null, delivered int8, delivered_at text, failures int4, next_attempt_at text, last_error,
--      replay text: how far an open replay is, such as 120/5000; null: none
select p.endpoint, p.url, array_to_string(p.types, ',') as types, p.state, p.position, lag.behind,
       to_char(least(lag.since, lanes.waiting) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as waiting_since,
       lanes.blocked,
       (select count(*) from dead_letter d
	where d.broker = p.broker and d.endpoint = p.endpoint and d.state in ('parked', 'sending')) as parked,
       nullif(p.concurrency, 8) as throttle,
       p.delivered,
       to_char(p.delivered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as delivered_at,
       p.failures,
       case when p.failures > 0 and p.state = 'active' then
	    to_char(p.next_attempt_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')
       end as next_attempt_at,
       coalesce(p.last_error, lanes.error) as last_error,
       (select j.position || '/' || j.to_position from replay_job j
	where j.broker = p.broker and j.endpoint = p.endpoint and j.done_at is null and j.cancelled_at is null) as replay
from endpoint p
cross join lateral (
	select least(count(*), 10001) as behind, min(occurred_at) as since
	from ((select v.occurred_at
	       from event v
	       where v.broker = p.broker and v.position > p.position
		 and p.types && array['all', v.type, case when v.type = any ($2::text[]) then 'customer' else 'broker' end]
	       limit 10001)
	      union all
	      (select v.occurred_at
	       from event v
	       where v.broker = p.broker and v.position is null
		 and p.types && array['all', v.type, case when v.type = any ($2::text[]) then 'customer' else 'broker' end]
	       limit 10001)) as waiting
) as lag
cross join lateral (
	select count(*) filter (where l.failures > 0) as blocked, min(v.occurred_at) as waiting,
	       (array_agg(l.last_error order by l.failures desc) filter (where l.failures > 0))[1] as error
	from lane_block l
	left join event v on v.broker = l.broker and v.position = l.position
	where l.broker = p.broker and l.endpoint = p.endpoint
) as lanes
where p.broker = $1
order by p.endpoint;
