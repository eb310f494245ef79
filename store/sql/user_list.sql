-- Accounts by name.
-- $1 broker, $2 text or null: only this one, $3 text: after this name, $4 int: how many at most
--   -> name, shown, role, disabled bool, login 'password' or 'elsewhere', created_at, last_login_at: text, sessions int
select u.name, u.shown, u.role, u.disabled_at is not null as disabled,
       case when u.password is null then 'elsewhere' else 'password' end as login,
       to_char(u.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as created_at,
       to_char(u.last_login_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as last_login_at,
       (select count(*) from session s where s.broker = u.broker and s.name = u.name and s.expires_at > now()) as sessions
from app_user u
where u.broker = $1 and ($2::text is null or u.name = $2) and u.name > $3
order by u.name
limit $4::int;
