-- Ask this insurer again, at once; the failures in a row are forgotten.
-- $1 text, broker   $2 text, name   -> connection, no row if there is none
update connection
set state = 'active', pause_reason = null, failures = 0, due_at = now()
where broker = $1 and connection = $2
returning connection
