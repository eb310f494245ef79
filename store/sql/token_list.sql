-- All tokens, also revoked ones, by name and age.
-- $1 broker    -> name, token_id, state, scopes, consumer, created_at, created_by, last_used_at, revoked_at: text
select name, token_id, case when revoked_at is null then 'valid' else 'revoked' end as state,
       array_to_string(scopes, ',') as scopes, consumer,
       to_char(created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at, created_by,
       to_char(last_used_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_used_at,
       to_char(revoked_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as revoked_at
from api_token
where broker = $1
order by name, created_at;
