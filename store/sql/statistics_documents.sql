-- What became of the documents of some days, out of the tally.
-- $1 text, broker   $2 timestamptz and $3 timestamptz, received from and before: midnights   $4 text, issuer or null
--   -> week date (its Monday), issuer text, state text, tier text, reason text, person bool (decided), documents int8
select day - extract(isodow from day)::int + 1 as week, issuer, state, tier, reason, person, sum(documents)::int8 as documents
from document_tally
where broker = $1 and day >= ($2::timestamptz at time zone 'Europe/Berlin')::date
  and day < ($3::timestamptz at time zone 'Europe/Berlin')::date and ($4::text is null or issuer = $4)
group by 1, 2, 3, 4, 5, 6
having sum(documents) <> 0
order by week
