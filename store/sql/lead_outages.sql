-- When connections were failing: from a connection.failed to the connection.recovered that followed.
-- $1 text, broker   $2 timestamptz, since; a month before it is looked at too
--   -> connection text, from_ms int8, until_ms int8 (null: it still fails)
select connection, from_ms, until_ms
from (select aggregateid as connection, type, (extract(epoch from occurred_at) * 1000)::int8 as from_ms,
             (extract(epoch from lead(occurred_at) over (partition by aggregateid order by occurred_at)) * 1000)::int8
             as until_ms
      from event
      where broker = $1 and type in ('connection.failed', 'connection.recovered')
        and occurred_at >= $2::timestamptz - interval '30 days') as turns
where type = 'connection.failed'
