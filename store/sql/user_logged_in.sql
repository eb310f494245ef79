-- He proved who he is: note it, and forget the wrong passwords of this name from this address.
-- $1 broker, $2 name, $3 address    -> shown, role; no row if he was removed or disabled meanwhile
with forgotten as (
	delete from login_failure where name = $2 and address = $3
)
update app_user set last_login_at = now()
where broker = $1 and name = $2 and disabled_at is null
returning shown, role;
