-- What all workers on all machines share about an insurer: how many rounds at once he takes (never more than the insurer
-- file's bound; fewer after a 429 or 503, one more after good rounds), how fast calls may follow each other, and until when
-- he wants to be left alone. All moments are the database's; each has a most, so that a clock that jumps harms nothing.
create table throttle (
	issuer        text primary key,
	parallel_most int not null check (parallel_most between 1 and 64),
	allowed       float8 not null,          -- between 1 and parallel_most; whole slots count
	next_call_at  timestamptz,              -- calls per minute: when the next one may begin
	blocked_until timestamptz,              -- Retry-After
	busy_at       timestamptz               -- when he last said so
);

-- One row for each round at once; who works on a connection holds one as long as its lease.
create table throttle_slot (
	issuer text not null,
	slot   int not null,
	holder text,                            -- broker/connection#fence
	until  timestamptz,
	primary key (issuer, slot)
);

-- One row for each account at an insurer: connections that share it log in one after the other, so that a wrong password is
-- tried once and not once a connection.
create table credential (
	credential  text primary key,           -- ingest/login.h, login_credential
	holder      text,                       -- who logs in just now
	until       timestamptz,
	refused_at  timestamptz,
	refusal     text
);

alter table connection
	add column resumed_at timestamptz;      -- a person believes in the credential again
