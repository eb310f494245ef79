-- Who a customer is by the contracts that name him; more than one only where the stock is not of one mind.
-- $1 text, broker   $2 text, customer_id
--   -> name text, first_name text, birth_date date, postcode text
select distinct name, first_name, birth_date, postcode
from contract
where broker = $1 and customer_id = $2
limit 20
