-- A round is over: its slot is free, also where its lease was lost meanwhile. After a good round without a word of
-- throttling a little more is allowed: one slot after ten calls, at most one a round.
-- durability: relaxed
-- $1 text, issuer   $2 int8, calls of a good round; 0: it was none   $3 text, holder
with freed as (
	update throttle_slot
	set holder = null, until = null
	where issuer = $1 and holder = $3
)
update throttle
set allowed = least(parallel_most, allowed + least(1, $2::int8 / 10.0))
where issuer = $1 and $2::int8 > 0 and allowed < parallel_most
