-- Number the oldest 1000 events that have no position, without a gap, and within each customer's lane those that are for
-- customers. Only under the lock of sequence_lock. The limit is a constant, so that the plan is made for it.
-- $1 broker, $2 text[], the customer-facing types    -> numbered int8, position int8: the head
with waiting as materialized (
	select id, occurred_at, type, case when aggregatetype = 'customer' and type = any ($2::text[]) then aggregateid end as lane
	from event
	where broker = $1 and position is null
	order by occurred_at, id
	limit 1000
), next as materialized (
	select id, occurred_at, lane, row_number() over (order by occurred_at, id) as step,
	       case when lane is not null then row_number() over (partition by lane order by occurred_at, id) end as lane_step
	from waiting
), moved as (
	update sequence_head
	set position = position + (select count(*) from next)
	where broker = $1
	returning position
), lanes as (
	insert into lane_head as h (broker, lane, customersequence)
	select $1, lane, count(*) from next where lane is not null group by lane
	on conflict (broker, lane) do update set customersequence = h.customersequence + excluded.customersequence
	returning lane, customersequence
), lane_ends as (
	select l.lane, l.customersequence - n.steps as before
	from lanes l
	join (select lane, max(lane_step) as steps from next group by lane) as n using (lane)
), numbered as (
	update event
	set position = moved.position - (select count(*) from next) + next.step,
	    customersequence = lane_ends.before + next.lane_step
	from moved, next left join lane_ends using (lane)
	where event.broker = $1 and event.id = next.id and event.occurred_at = next.occurred_at
	returning event.position
)
select (select count(*) from numbered) as numbered, (select position from moved) as position;
