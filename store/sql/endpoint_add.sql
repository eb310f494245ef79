-- A new endpoint; without $9 its cursor stands at the last event there is, so that it gets what comes from now on.
-- $1 broker, $2 endpoint, $3 url, $4 secret_file or null, $5 ca_file or null, $6 text[] words: types and groups,
-- $7 bool private addresses allowed, $8 int4[] seconds to wait or null, $9 int8 cursor or null: the end
--   -> position int8; unique violation if there is one of that name
insert into endpoint (broker, endpoint, url, secret_file, ca_file, types, allow_private, retry_s, position)
values ($1, $2, $3, $4, $5, $6::text[], $7::boolean, $8::int[],
	coalesce($9::bigint, (select position from sequence_head where broker = $1), 0))
returning position;
