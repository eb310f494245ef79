-- Who wants to log in, and how often that failed within the last quarter of an hour.
-- $1 name, $2 address
--   -> broker, password, disabled bool (null if there is none of this name), here: failures of this name from this
--      address, of_name, of_address: int
select u.broker, u.password, u.disabled, f.here, f.of_name, f.of_address
from (select count(*) filter (where name = $1 and address = $2) as here, count(*) filter (where name = $1) as of_name,
             count(*) filter (where address = $2) as of_address
      from login_failure
      where (name = $1 or address = $2) and failed_at > now() - interval '15 minutes') f
left join web_user($1) u on true;
