-- The most similar name by trigrams (pg_trgm, its index, pg_trgm.similarity_threshold), within one VU.
-- $1 text, VU   $2 text, number   -> contract_id text; filed if it is one row
with near as materialized (
	select contract_id, similarity(strip, rule_strip($2)) as alike
	from rule_name
	where vu = $1 and strip % rule_strip($2)
)
select distinct contract_id from near where alike = (select max(alike) from near) limit 2
