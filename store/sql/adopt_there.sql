-- Which of these contracts are there already.
-- $1 text, broker   $2 text[], contracts   -> contract_id text
select contract_id from contract where broker = $1 and contract_id = any ($2::text[])
