-- Forget a consumer, unless a token that is bound to it stands.
-- $1 broker, $2 consumer    -> consumer, if it went
delete from consumer
where broker = $1 and consumer = $2
  and not exists (select from api_token where broker = $1 and api_token.consumer = $2 and revoked_at is null)
returning consumer;
