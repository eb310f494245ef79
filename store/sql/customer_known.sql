-- Does a contract name this customer?
-- $1 text, broker   $2 text, customer_id   -> known bool
select exists (select from contract where broker = $1 and customer_id = $2) as known
