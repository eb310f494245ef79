-- What a replay would take: positions from a position or a time up to a position, a time, or where the endpoint stands.
-- Never beyond its cursor.
-- $1 broker, $2 endpoint, $3 int8 from or null, $4 timestamptz from or null, $5 int8 to or null,
-- $6 timestamptz to or null, $7 text[] types or null: the endpoint's, $8 text[] types of the endpoint,
-- $9 bool from the oldest that is kept, whatever $3 and $4 are
--   -> first int8, last int8, cursor int8, oldest int8 position that is kept,
--      gone bool: the range would begin before it, types text[]: those of $7 that the endpoint has; no row: no such endpoint
select greatest(1, coalesce(case when $9::boolean then oldest end, $3::bigint,
			    (select min(position) from event where broker = $1 and occurred_at >= $4::timestamptz),
			    p.position + 1)) as first,
       least(p.position, coalesce($5::bigint,
				  case when $6::timestamptz is not null
				       then coalesce((select max(position) from event
						      where broker = $1 and occurred_at <= $6::timestamptz), 0) end,
				  p.position)) as last,
       p.position as cursor,
       oldest,
       oldest > 1 and ($3::bigint < oldest
		       or $4::timestamptz < (select occurred_at from event where broker = $1 and position = oldest)) as gone,
       (select coalesce(array_agg(type), '{}') from unnest(coalesce($7::text[], $8::text[])) as type
	where type = any ($8::text[])) as types
from endpoint p
cross join lateral (select coalesce((select min(position) from event where broker = $1), p.position + 1) as oldest) as kept
where broker = $1 and endpoint = $2;
