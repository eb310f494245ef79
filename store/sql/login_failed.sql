-- A wrong login; those of the day before are forgotten.
-- $1 name, $2 address    -> nothing
-- durability: relaxed
with old as (
	delete from login_failure where failed_at < now() - interval '1 day'
)
insert into login_failure (name, address) values ($1, $2);
