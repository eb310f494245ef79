-- Which pictures join two contracts, as it was found the last time; always one row. Where the rules or the stock are others since, joins
-- is null, and stock is what the finding is kept under (picture_joins_keep.sql): ask before reading the stock.
-- $1 text, broker   $2 text, digest of the rules
--   -> stock text, joins text (JSON, array of sentences)
with now as materialized (
	select count(*) || ' ' || coalesce(max(changed_at)::text, '') as stock from contract where broker = $1
)
select n.stock, (select j.joins::text from picture_joins j where j.broker = $1 and j.rules = $2 and j.stock = n.stock) as joins
from now n
