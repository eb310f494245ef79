-- What each endpoint has got, what it is behind by, how old the oldest undelivered event is, which lanes wait.
-- $1 text, broker, $2 text[] types of the group customer
--   -> endpoint text, state text, delivered int8, behind int8, oldest_s int8 or null, blocked int8, parked int8,
--      throttle int4 or null
select p.endpoint, p.state, p.delivered, lag.behind,
       extract(epoch from clock_timestamp() - least(lag.since, lanes.waiting))::bigint as oldest_s,
       lanes.blocked,
       (select count(*) from dead_letter d
	where d.broker = p.broker and d.endpoint = p.endpoint and d.state in ('parked', 'sending')) as parked,
       nullif(p.concurrency, 8) as throttle
from endpoint p
cross join lateral (
	select count(*) as behind, min(v.occurred_at) as since
	from event v
	where v.broker = p.broker and v.position > p.position
	  and p.types && array['all', v.type, case when v.type = any ($2::text[]) then 'customer' else 'broker' end]
) as lag
cross join lateral (
	select count(*) filter (where l.failures > 0) as blocked, min(v.occurred_at) as waiting
	from lane_block l
	left join event v on v.broker = l.broker and v.position = l.position
	where l.broker = p.broker and l.endpoint = p.endpoint
) as lanes
where p.broker = $1
order by p.endpoint
