-- Take back a name that a person confirmed; names of the stock stay, also one that the stock brought after him.
-- $1 text, broker   $2 text, issuer   $3 text, key   $4 text, contract
with stays as (
	update contract_name
	set origin = stock_origin, spelling = stock_spelling, stock_origin = null, stock_spelling = null, created_by = null,
	    as_pattern = default
	where broker = $1 and issuer = $2 and key = $3 and contract_id = $4 and origin = 'person' and stock_origin is not null
)
delete from contract_name
where broker = $1 and issuer = $2 and key = $3 and contract_id = $4 and origin = 'person' and stock_origin is null
