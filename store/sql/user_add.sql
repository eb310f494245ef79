-- A new account. Nothing if the name is taken.
-- $1 broker, $2 name, $3 shown, $4 role, $5 password (argon2id) or null, $6 created_by    -> name, or no row
insert into app_user (broker, name, shown, role, password, created_by)
values ($1, $2, $3, $4, $5, $6)
on conflict do nothing
returning name;
