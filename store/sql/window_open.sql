-- When may this insurer be asked? By the database's clock, in his own time zone, summer and winter.
-- $1 jsonb, [{"days": [1 (Monday) to 7], "from": "06:00", "to": "22:00"}]; to not after from: until the next day
-- $2 text, time zone   $3 timestamptz, the moment; null: now
--   -> opens_s int8 (0: open now), opens_at text (RFC 3339), closes_s int8 (until no window is open any more that is open now; 0: closed)
with moment as (
	select coalesce($3::timestamptz, now()) as at
), spans as (
	select ((day.d::date + (w ->> 'from')::time) at time zone $2) as opens,
	       ((day.d::date + case when (w ->> 'to')::time <= (w ->> 'from')::time then 1 else 0 end + (w ->> 'to')::time)
		at time zone $2) as closes
	from moment, jsonb_array_elements($1::jsonb) as w,
	     generate_series((at at time zone $2)::date - 1, (at at time zone $2)::date + 8, interval '1 day') as day (d)
	where extract(isodow from day.d)::int in (select x::int from jsonb_array_elements_text(w -> 'days') as x)
)
select coalesce(min(greatest(0, ceil(extract(epoch from opens - at)))), 604800)::int8 as opens_s,
       utc_text(coalesce(min(greatest(opens, at)), (select at + interval '7 days' from moment))) as opens_at,
       coalesce(max(floor(extract(epoch from closes - at))) filter (where opens <= at), 0)::int8 as closes_s
from spans, moment
where closes > at
