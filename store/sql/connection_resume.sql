-- Ask this insurer again, at once; a refused credential may be tried once more, and that he wanted to be left alone (Retry-After)
-- counts no longer, for all of his connections: a person says so. The failures in a row stay: the next good round is a
-- recovery, and is told.
-- $1 text, broker   $2 text, name
--   -> connection, issuer, until text (RFC 3339; until when he wanted to be left alone; null: he did not); no row if there is none
with resumed as (
	update connection
	set state = 'active', pause_reason = null, due_at = now(), resumed_at = now()
	where broker = $1 and connection = $2
	returning connection, issuer
)
select connection, issuer, throttle_lift(issuer) as until from resumed
