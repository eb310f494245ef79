-- Stop asking an insurer until somebody resumes the connection. A worker that is at it finishes its round.
-- $1 text, broker   $2 text, name   $3 text, reason for people   -> connection, no row if there is none
update connection
set state = 'paused', pause_reason = $3
where broker = $1 and connection = $2
returning connection
