-- Change an account; what is null stays. A new password, another role and disabling end its sessions, except one.
-- The last lead who can log in stays one: then nothing is changed.
-- $1 broker, $2 name, $3 shown, $4 role, $5 bool disabled, $6 password, $7 session_id to keep or ''
--   -> found bool, kept bool: it would have been the last lead, ended: sessions
with asked as (
	select * from app_user where broker = $1 and name = $2 for update
), last as (
	select exists (select from asked where role = 'lead' and disabled_at is null)
	       and (coalesce($4::text, 'lead') <> 'lead' or coalesce($5::bool, false))
	       and not exists (select from app_user
	                       where broker = $1 and name <> $2 and role = 'lead' and disabled_at is null) as kept
), changed as (
	update app_user u
	set shown = coalesce($3::text, u.shown), role = coalesce($4::text, u.role),
	    password = coalesce($6::text, u.password),
	    disabled_at = case when $5::bool is null then u.disabled_at when $5::bool then coalesce(u.disabled_at, now()) end
	from asked a, last
	where u.broker = $1 and u.name = $2 and not last.kept
	returning u.name, $6::text is not null or u.disabled_at is not null or u.role <> a.role as over
), ended as (
	delete from session s using changed c
	where s.broker = $1 and s.name = $2 and c.over and s.session_id <> $7
	returning s.session_id
)
select exists (select from asked) as found, (select kept from last) as kept, (select count(*) from ended) as ended;
