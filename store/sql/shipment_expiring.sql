-- What insurers will not keep much longer and is not safely here: not fetched, or not readable.
-- $1 text, broker   $2 text, connection; null: all   $3 int4, days ahead
--   -> connection text, shipments int8, soonest text (RFC 3339), past int8: of them those whose time is over; no row: none
select connection, count(*) as shipments, count(*) filter (where expires_at <= now()) as past,
       to_char(min(expires_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as soonest
from shipment
where broker = $1 and ($2::text is null or connection = $2) and state in ('listed', 'quarantined')
  and closed_at is null
  and expires_at <= now() + $3::int * interval '1 day'
group by connection
order by connection
