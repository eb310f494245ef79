-- What each endpoint has got, and what it is behind by.
-- $1 text, broker
--   -> endpoint text, state text, delivered int8, behind int8
select p.endpoint, p.state, p.delivered,
       (select count(*) from event e
        where e.broker = p.broker and e.position > p.position and (p.types is null or e.type = any (p.types))) as behind
from endpoint p
where p.broker = $1
order by p.endpoint
