-- Forget lines of the audit log that are older than so many days.
-- $1 int days    -> gone bigint
with gone as (
	delete from audit where at < now() - $1::int * interval '1 day' returning 1
)
select count(*) as gone from gone;
