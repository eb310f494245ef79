-- The token of this name or id counts no more.
-- $1 broker, $2 name or token_id    -> token_id of each that was revoked now
update api_token set revoked_at = now()
where broker = $1 and (name = $2 or token_id = $2) and revoked_at is null
returning token_id;
