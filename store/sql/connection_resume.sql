-- Ask this insurer again, at once. The failures in a row stay: the next good round is a recovery, and is told.
-- $1 text, broker   $2 text, name   -> connection, no row if there is none
update connection
set state = 'active', pause_reason = null, due_at = now()
where broker = $1 and connection = $2
returning connection
