-- A token that stands, with the consumer that it is bound to.
-- $1 broker, $2 token_id    -> name, digest, scopes text[], consumer or null, secret_file or null, note bool: its use
--   is worth a note; no row if there is none or it was revoked
select t.name, t.digest, t.scopes, t.consumer, c.secret_file,
       t.last_used_at is null or t.last_used_at < now() - interval '1 hour' as note
from api_token t
left join consumer c on c.broker = t.broker and c.consumer = t.consumer
where t.broker = $1 and t.token_id = $2 and t.revoked_at is null;
