-- Another address, other types; position, lanes and failures stay. Who works on the endpoint sees it when it renews its lease.
-- $1 broker, $2 endpoint, $3 url or null: as it is, $4 text[] words or null, $5 ca_file, '': none, or null,
-- $6 bool private addresses allowed or null, $7 int4[] seconds to wait, empty: the standard, or null
update endpoint
set url = coalesce($3, url),
    types = coalesce($4::text[], types),
    ca_file = case when $5::text is null then ca_file else nullif($5, '') end,
    allow_private = coalesce($6::boolean, allow_private),
    retry_s = case when $7::int[] is null then retry_s else nullif($7::int[], '{}') end
where broker = $1 and endpoint = $2;
