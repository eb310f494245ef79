-- What the stock calls the contracts that people made and it brought since.
-- $1 text, broker   -> stock_id text, contract_id text
select stock_id, contract_id from contract_adopted where broker = $1
