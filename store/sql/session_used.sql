-- The session was used now.
-- $1 broker, $2 session_id    -> nothing
-- durability: relaxed
update session set last_used_at = now() where broker = $1 and session_id = $2;
