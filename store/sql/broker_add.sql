-- Make sure that broker $1 exists.
-- $1 broker text    -> added boolean, false if it was there before
with added as (
	insert into broker (broker) values ($1)
	on conflict (broker) do nothing
	returning broker
)
select exists (select from added) as added
