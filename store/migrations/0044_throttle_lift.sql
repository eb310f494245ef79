-- Ask an insurer again although he wanted to be left alone: until when he wanted that; null: he did not. Throttles belong to no
-- broker, and the API's role sees nothing of them: this is all that it may do.
create function throttle_lift(asked text) returns text
language sql security definer set search_path from current as $$
	with before as (
		select t.issuer, t.blocked_until from throttle t where t.issuer = asked and t.blocked_until > now() for update
	), lifted as (
		update throttle t set blocked_until = null from before b where t.issuer = b.issuer returning b.blocked_until
	)
	select utc_text(blocked_until) from lifted
$$;
revoke execute on function throttle_lift(text) from public;
grant execute on function throttle_lift(text) to vorpost_web;
