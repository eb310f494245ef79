-- Count how often surnames, first names, postcodes and lines occur in the stock: all that occur at all (value null), and
-- the most frequent ones. What is not among them is rare, and says as much as anything can.
-- $1 text, broker
with stock as not materialized (
	select name, first_name, postcode, line from contract where broker = $1
), counted as (
	select 'surname' as field, name as value, count(*) as contracts from stock group by name
	union all
	select 'first_name', first_name, count(*) from stock group by first_name
	union all
	select 'postcode', postcode, count(*) from stock group by postcode
	union all
	select 'line', line, count(*) from stock group by line
), known as (
	select * from counted where value <> ''
), ranked as (
	select *, row_number() over (partition by field order by contracts desc, value) as place from known
)
insert into term (broker, field, value, contracts)
select $1, field, value, contracts from ranked where place <= 5000
union all
select $1, field, null, sum(contracts) from known group by field
