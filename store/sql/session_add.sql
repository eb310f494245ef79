-- A new session; what expired goes.
-- $1 broker, $2 session_id, $3 digest, $4 name, $5 address, $6 int: it lasts so many seconds    -> nothing
with old as (
	delete from session where broker = $1 and expires_at < now()
)
insert into session (broker, session_id, digest, name, address, expires_at)
values ($1, $2, $3, $4, $5, now() + $6::int * interval '1 second');
