-- Number the oldest $2 events that have no position, without a gap. Only under the lock of sequence_lock.
-- $1 broker, $2 int4, how many    -> numbered int8
with waiting as materialized (
	select id, occurred_at
	from event
	where broker = $1 and position is null
	order by occurred_at, id
	limit $2::int
), next as materialized (
	select id, row_number() over (order by occurred_at, id) as step from waiting
), moved as (
	update sequence_head
	set position = position + (select count(*) from next)
	where broker = $1
	returning position
), numbered as (
	update event
	set position = moved.position - (select count(*) from next) + next.step
	from next, moved
	where event.broker = $1 and event.id = next.id
	returning event.position
)
select count(*) as numbered from numbered;
