-- Write down what an insurer lists, under the lease, and say what is to be done with each.
-- $1 text, broker   $2 text, connection   $3 int8, fence
-- $4 jsonb, [{"id", "category", "posted", "available_until"}], every id once
--   -> shipment_id text, state text, attempts int4; what is new first, what failed before last, each in the insurer's
--      order: several failures in a row end a round, and must not do so in front of the same others every time
with held as (
	select broker, connection from connection
	where broker = $1 and connection = $2 and lease_fence = $3::int8
), listed as (
	select ordinality, row ->> 'id' as id, row ->> 'category' as category, row ->> 'posted' as posted,
	       row ->> 'available_until' as available_until
	from jsonb_array_elements($4::jsonb) with ordinality as x (row, ordinality)
), written as (
	insert into shipment as s (broker, connection, shipment_id, category, posted, available_until)
	select h.broker, h.connection, l.id, l.category, l.posted, l.available_until
	from listed l, held h
	on conflict (broker, connection, shipment_id) do update set last_listed_at = now()
	returning s.shipment_id, s.state, s.attempts, s.refusal
)
select w.shipment_id, w.state, w.attempts
from written w join listed l on l.id = w.shipment_id
order by case when w.state <> 'listed' then 1 when w.refusal is null then 0 else 2 end, l.ordinality
