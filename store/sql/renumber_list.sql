-- The runs of `contracts canonicalise`, newest first.
-- $1 text, broker   $2 uuid, only this run; null: all
--   -> run uuid, at text, by text, issuers text, contracts int8, undone int8
select run, to_char(min(renumbered_at) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as at,
       min(renumbered_by) as by, string_agg(distinct issuer, ' ' order by issuer) as issuers,
       count(*) as contracts, count(undone_at) as undone
from renumbering
where broker = $1 and ($2::uuid is null or run = $2::uuid)
group by run
order by min(renumbered_at) desc, run
