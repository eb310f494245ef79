-- Write down when the credential ends that a round has just loaded.
-- $1 text, broker   $2 text, connection   $3 int8, fence   $4 timestamptz or null    -> nothing
-- durability: relaxed
update connection set credential_expires_at = $4::timestamptz
where broker = $1 and connection = $2 and lease_fence = $3::int8 and credential_expires_at is distinct from $4::timestamptz
