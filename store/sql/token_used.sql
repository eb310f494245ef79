-- The token was used now.
-- $1 broker, $2 token_id
-- durability: relaxed
update api_token set last_used_at = now() where broker = $1 and token_id = $2;
