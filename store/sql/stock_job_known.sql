-- Is a file of a place still needed?
-- $1 text, place   $2 text, file   -> known bool
select exists (select from stock_job where place = $1 and file = $2 and state in ('waiting', 'running')) as known
