-- People: accounts, sessions, wrong logins, and the log of who decided and who looked at what.

-- A name is one person in the whole database, whatever his broker: who logs in gives no broker.
create table app_user (
	broker              text not null references broker,
	name                text not null unique,
	shown               text not null,          -- as colleagues read it
	role                text not null check (role in ('clerk', 'lead', 'operator', 'read-only')),
	password            text,                   -- argon2id, as libsodium writes it; null: logs in elsewhere
	created_by          text not null,
	created_at          timestamptz not null default now(),
	last_login_at       timestamptz,
	disabled_at         timestamptz,
	primary key (broker, name)
);

-- Of the cookie only the SHA-256 is known. The id is the public half, by which it is found.
create table session (
	broker       text not null,
	session_id   text not null,
	digest       text not null,
	name         text not null,
	address      text not null,
	created_at   timestamptz not null default now(),
	last_used_at timestamptz not null default now(), -- to the minute
	expires_at   timestamptz not null,
	primary key (broker, session_id),
	foreign key (broker, name) references app_user (broker, name) on delete cascade
);
create unique index session_by_id on session (session_id);
create index session_of_user on session (broker, name);
create index session_expired on session (expires_at);

-- Logins that were refused, of names that there are and of names that there are not.
create unlogged table login_failure (
	name      text not null,
	address   text not null,
	failed_at timestamptz not null default now()
);
create index login_failure_of_name on login_failure (name, failed_at);
create index login_failure_of_address on login_failure (address, failed_at);
create index login_failure_old on login_failure (failed_at);

-- Who did what, and who looked at what. Rows are added; only what is older than `keep_audit` goes.
create table audit (
	broker   text not null references broker,
	audit_id bigint generated always as identity,
	at       timestamptz not null default now(),
	name     text not null,                      -- "jana", "token nightly"
	action   text not null,                      -- document.viewed, document.assign, user.change, ...
	object   text,
	address  text,
	primary key (broker, audit_id)
);
create index audit_of_user on audit (broker, name, audit_id);
create index audit_of_object on audit (broker, object, audit_id);
create index audit_at on audit (at);

-- A token's id finds it, whatever its broker.
create unique index api_token_by_id on api_token (token_id);
