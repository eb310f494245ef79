-- A hint, delivered with the commit, to whoever listens: positions up to $1 are there. Only the sequencer says so, under
-- its lock: NOTIFY takes one lock of the whole server at commit, which business transactions must not wait for.
-- $1 text, position
select pg_notify('vorpost_events', $1);
