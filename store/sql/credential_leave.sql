-- A login is over: it went well, or nothing is known (the service was away).
-- $1 text, credential   $2 text, holder   $3 bool, it went well
update credential
set holder = null, until = null,
    refused_at = case when $3::bool then null else refused_at end,
    refusal = case when $3::bool then null else refusal end
where credential = $1 and holder = $2
