-- All sessions of a user are over.
-- $1 broker, $2 name    -> session_id of each
delete from session where broker = $1 and name = $2 returning session_id;
