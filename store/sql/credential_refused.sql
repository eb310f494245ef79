-- The insurer refused the account: nobody tries it again until a person says so.
-- $1 text, credential   $2 text, the sentence
insert into credential as k (credential, refused_at, refusal) values ($1, now(), $2)
on conflict (credential) do update
set holder = null, until = null, refused_at = now(), refusal = excluded.refusal
