-- Who runs jobs of a place.
-- $1 text, place   -> holder text
select distinct holder from stock_job where place = $1 and state = 'running' and holder is not null
