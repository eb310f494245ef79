-- A token that stands, with the consumer that it is bound to.
-- $1 token_id    -> broker, name, digest, scopes text[], consumer or null, secret_file or null, note bool: its use
--   is worth a note; no row if there is none or it was revoked
select broker, name, digest, scopes, consumer, secret_file, note from web_token($1);
