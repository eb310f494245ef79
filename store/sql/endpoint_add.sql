-- A new endpoint; its cursor stands at the last event there is, so that history is sent only on demand.
-- $1 broker, $2 endpoint, $3 url, $4 secret_file, $5 ca_file or null, $6 text[] types or null: all
--   -> position int8; unique violation if there is one of that name
insert into endpoint (broker, endpoint, url, secret_file, ca_file, types, position)
values ($1, $2, $3, $4, $5, $6::text[],
	coalesce((select position from sequence_head where broker = $1), 0))
returning position;
