-- Events by type, and how many of each are numbered.
-- $1 text, broker
--   -> type text, events int8, numbered int8
select type, count(*) as events, count(position) as numbered
from event
where broker = $1
group by type
order by events desc, type
