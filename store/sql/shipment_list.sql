-- Write down what an insurer lists, under the lease, and say what is to be done with each.
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 jsonb, [{"id", "category", "posted", "available_until", "expires_at" (RFC 3339)}], every id once
-- $5 int8, seconds from the storing of a shipment to its acknowledgement; null: only when a person released it, as with
--    those that are on hold
--   -> shipment_id text, state text ('listed' also for one in quarantine that is to be fetched anew), attempts int4, due bool: stored, and to be acknowledged now;
--      also those that are due and that the list does not show, unless an acknowledgement went out that was not answered: the
--      insurer shall say so;
--      what is new first, what failed before last, each in the insurer's
--      order: several failures in a row end a round, and must not do so in front of the same others every time
with held as (
	select broker, connection from connection
	where broker = $1 and connection = $2 and lease_fence = $3::int8
), listed as (
	select ordinality, row ->> 'id' as id, row ->> 'category' as category, row ->> 'posted' as posted,
	       row ->> 'available_until' as available_until,
	       (row ->> 'expires_at')::timestamptz as expires_at
	from jsonb_array_elements($4::jsonb) with ordinality as x (row, ordinality)
), written as (
	insert into shipment as s (broker, connection, shipment_id, category, posted, available_until, expires_at)
	select h.broker, h.connection, l.id, l.category, l.posted, l.available_until, l.expires_at
	from listed l, held h
	on conflict (broker, connection, shipment_id) do update
	set last_listed_at = now(), unlisted_at = null, available_until = coalesce(excluded.available_until, s.available_until),
	    expires_at = coalesce(excluded.expires_at, s.expires_at),
	    closed_at = case when s.state <> 'listed' then s.closed_at end, closed_by = case when s.state <> 'listed' then s.closed_by end,
	    closed_note = case when s.state <> 'listed' then s.closed_note end, -- what never came is looked after again
	    acknowledge_from = acknowledge_moment(s, $5::int8)
	returning s.shipment_id, case when s.fetch_asked_at is not null and s.state = 'quarantined' then 'listed' else s.state end as state,
		s.attempts, s.refusal, s.acknowledge_refusal, coalesce(s.acknowledge_from <= now(), false) as due
), overdue as (
	update shipment s
	set acknowledge_from = acknowledge_moment(s, $5::int8)
	from held h
	where s.broker = h.broker and s.connection = h.connection and s.state = 'stored'
	  and s.acknowledgement is distinct from 'unanswered' and acknowledge_moment(s, $5::int8) <= now()
	  and s.shipment_id not in (select id from listed)
	returning s.shipment_id, s.state, s.attempts, s.refusal, s.acknowledge_refusal, true as due
)
select w.shipment_id, w.state, w.attempts, w.due
from (select * from written union all select * from overdue) w left join listed l on l.id = w.shipment_id
order by case when w.state = 'listed' and w.refusal is null then 0 when w.state <> 'listed' and w.acknowledge_refusal is null then 1
	else 2 end, l.ordinality, w.shipment_id
