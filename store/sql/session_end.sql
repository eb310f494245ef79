-- The session is over.
-- $1 broker, $2 session_id    -> name of who had it, or no row
delete from session where broker = $1 and session_id = $2 returning name;
