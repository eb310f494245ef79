-- The API sees one broker at a time, whatever its statements say: it becomes the role vorpost_web, says whom it acts for in the
-- setting vorpost.broker, and a policy on every table with a broker hides all other rows. Whoever owns the tables (ingest, events,
-- the command line) is not held by policies.

-- Roles are the cluster's, not the database's: it may be there. Without the right to make one, an administrator makes it before
-- (docs/operations.md).
do $$
begin
	if not exists (select from pg_roles where rolname = 'vorpost_web') then
		begin
			create role vorpost_web nologin;
		exception
			when duplicate_object or unique_violation then
				null; -- another database's migration made it at this moment
			when insufficient_privilege then
				raise exception 'the role vorpost_web is missing' using errcode = 'insufficient_privilege', hint =
					'as an administrator: create role vorpost_web nologin; grant vorpost_web to ' || current_user;
		end;
	end if;
	if not pg_has_role(current_user, 'vorpost_web', 'member') then
		execute format('grant vorpost_web to %I', current_user);
	end if;
end $$;

-- Every table with a broker gets its policy, every view asks with the rights of who reads it. Runs after each migration, so
-- that none is forgotten; a migration narrows the rights of its own tables after calling this.
create function web_protect() returns void language plpgsql as $$
declare
	t record;
begin
	for t in
		select c.oid, c.oid::regclass as name, c.relrowsecurity as secured
		from pg_class c
		join pg_attribute a on a.attrelid = c.oid and a.attname = 'broker' and not a.attisdropped
		where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
	loop
		if not t.secured then
			execute format('alter table %s enable row level security', t.name);
		end if;
		if not exists (select from pg_policy where polrelid = t.oid and polname = 'one_broker') then
			execute format('create policy one_broker on %s to vorpost_web'
				       ' using (broker = current_setting(''vorpost.broker'', true))', t.name);
			execute format('grant select, insert, update, delete on %s to vorpost_web', t.name);
		end if;
	end loop;
	for t in
		select c.oid::regclass as name
		from pg_class c
		where c.relnamespace = current_schema()::regnamespace and c.relkind = 'v'
			and coalesce(c.reloptions, '{}')::text not like '%security_invoker=%' -- who says so is the owner's
	loop
		execute format('alter view %s set (security_invoker = true)', t.name);
		execute format('grant select, update on %s to vorpost_web', t.name); -- update: for update, too
	end loop;
end $$;

-- For what is looked up by an index of an expression: behind a policy such an index cannot be used, because the expression might
-- tell of rows that the policy hides. The same condition in a view of the owner's hides the same rows from our statements.
create view contract_mine with (security_invoker = false) as
select * from contract where broker = current_setting('vorpost.broker', true) or current_user <> 'vorpost_web';
create view contract_name_mine with (security_invoker = false) as
select * from contract_name where broker = current_setting('vorpost.broker', true) or current_user <> 'vorpost_web';
grant select on contract_mine, contract_name_mine to vorpost_web;

select web_protect();

-- Least rights: what the API never writes, it cannot.
revoke insert, update, delete on broker, endpoint, lane_block, dead_letter, replay_job, event_accepted, digest,
	sequence_head, term, letter_rule, release_rule, release_hold from vorpost_web;
revoke update, delete on event, audit from vorpost_web;
revoke insert, delete on api_token from vorpost_web;
grant select on schema_version to vorpost_web;
grant select, insert, delete on login_failure to vorpost_web;

-- Who asks is looked up before it is known for whom. These see all brokers, and give one row each.
create function web_token(asked text)
returns table (broker text, name text, digest text, scopes text[], consumer text, secret_file text, note boolean)
language sql stable security definer set search_path from current as $$
	select t.broker, t.name, t.digest, t.scopes, t.consumer, c.secret_file,
	       t.last_used_at is null or t.last_used_at < now() - interval '1 hour'
	from api_token t
	left join consumer c on c.broker = t.broker and c.consumer = t.consumer
	where t.token_id = asked and t.revoked_at is null
$$;
create function web_session(asked text, idle_s int)
returns table (broker text, digest text, name text, shown text, role text, note boolean)
language sql stable security definer set search_path from current as $$
	select s.broker, s.digest, s.name, u.shown, u.role, s.last_used_at < now() - interval '1 minute'
	from session s
	join app_user u on u.broker = s.broker and u.name = s.name
	where s.session_id = asked and s.expires_at > now() and s.last_used_at > now() - idle_s * interval '1 second'
		and u.disabled_at is null
$$;
create function web_user(asked text)
returns table (broker text, password text, disabled boolean)
language sql stable security definer set search_path from current as $$
	select u.broker, u.password, u.disabled_at is not null from app_user u where u.name = asked
$$;
revoke execute on function web_token(text), web_session(text, int), web_user(text), web_protect() from public;
grant execute on function web_token(text), web_session(text, int), web_user(text) to vorpost_web;
