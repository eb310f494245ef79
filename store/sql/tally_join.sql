-- Put together what was counted since the last time, of the days that it touches; nothing while it is little.
-- durability: relaxed
-- $1 text, broker   $2 int8, how much is worth it   -> joined int8, rows
with days as (
	select distinct day from document_tally
	where broker = $1 and not joined
	  and (select count(*) from (select from document_tally where broker = $1 and not joined limit $2::int8) as enough) >= $2::int8
), gone as (
	delete from document_tally t using days
	where t.broker = $1 and t.day = days.day
	returning t.*
), made as (
	insert into document_tally
	select broker, day, issuer, state, tier, reason, person, class, line, sum(documents), true
	from gone
	group by broker, day, issuer, state, tier, reason, person, class, line
	having sum(documents) <> 0
)
select count(*) as joined from gone
