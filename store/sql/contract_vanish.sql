-- Mark the contracts of a source that its full delivery did not mention: those of the same source, and with $4 and $5 of the
-- same insurer and broker's number. What is marked already is not counted again. At most 1000 are named.
-- $1 text, broker   $2 int8, import   $3 text, source
-- $4 text[], vus   $5 text[], broker numbers ('' for none): pairs that the delivery covers; null: all of the source
--   -> covered int8 (contracts of the source that had not vanished before), vanished int8,
--      contract_id text, issuer text, number text (null: none vanished)
with covered as materialized (
	select c.contract_id, c.issuer, c.number
	from contract c
	where c.broker = $1 and c.source = $3 and c.vanished_at is null
	  and ($4::text[] is null
	       or (c.vu, coalesce(c.broker_number, '')) in (select * from unnest($4::text[], $5::text[])))
), gone as materialized (
	select c.contract_id, c.issuer, c.number
	from covered c
	where not exists (select from contract_seen s where s.import = $2 and s.contract_id = c.contract_id)
), marked as (
	update contract c set vanished_at = now(), changed_at = now()
	from gone g
	where c.broker = $1 and c.contract_id = g.contract_id
)
select (select count(*) from covered) as covered, (select count(*) from gone) as vanished,
       g.contract_id, g.issuer, g.number
from (select) one
left join lateral (select * from gone order by contract_id limit 1000) g on true
