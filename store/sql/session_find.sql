-- A session that stands, and who it is.
-- $1 session_id, $2 int: over after so many seconds without use
--   -> broker, digest, name, shown, role, note bool: its use is worth a note; no row if it is over
select broker, digest, name, shown, role, note from web_session($1, $2::int);
