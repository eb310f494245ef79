-- Take back a name that a person confirmed; names of the stock stay.
-- $1 text, broker   $2 text, issuer   $3 text, key   $4 text, contract
delete from contract_name
where broker = $1 and issuer = $2 and key = $3 and contract_id = $4 and origin = 'person'
