-- A new token; its consumer, if it is bound to one, is made if there is none, and stands at the last event there is.
-- A secret file that is given becomes the consumer's.
-- $1 broker, $2 token_id, $3 name, $4 digest, $5 text[] scopes, $6 consumer or null, $7 secret_file or null,
-- $8 created_by    -> secret_file of the consumer or null; unique violation if a token of that name stands
with bound as (
	insert into consumer (broker, consumer, position, secret_file)
	select $1, $6, coalesce((select position from sequence_head where broker = $1), 0), $7::text
	where $6::text is not null
	on conflict (broker, consumer) do update set secret_file = coalesce($7::text, consumer.secret_file)
	returning secret_file
), added as (
	insert into api_token (broker, token_id, name, digest, scopes, consumer, created_by)
	values ($1, $2, $3, $4, $5::text[], $6, $8)
	returning token_id
)
select (select secret_file from bound) as secret_file from added;
