-- The clerk's desk: in which order documents are worth a person's time, who has which, what is put off.

-- class: of the business case (model/business_case.h). letter_at: when the letter may come at the earliest; null: no letter,
-- or nobody knows. said: what a search looks through, in lower case. All are worked out after the document was recorded (events/letter_place.h); placed: that was done.
-- keys: under which its numbers are looked up, to find the documents that one answer solves.
alter table document
	add column class     text,
	add column letter_at timestamptz,
	add column placed    boolean not null default false,
	add column said      text,
	add column keys      text[] not null default '{}';

drop index document_queue;
create index document_queue on document (broker, received_at, document_id) where state = 'queued';
create index document_by_letter on document (broker, letter_at, document_id) include (issuer, reason) where state = 'queued';
create index document_by_issuer on document (broker, issuer, document_id) where state = 'queued';
create index document_unplaced on document (broker, document_id) where state = 'queued' and not placed;
create index document_keys on document using gin (keys) where state = 'queued';

-- What a person did with a document that still waits. It stays while the document waits, and if it comes back.
create table desk (
	broker          text not null references broker,
	document_id     uuid not null,
	assignee        text,                       -- null: nobody in particular
	postponed_until timestamptz,                -- null: not
	note            text,
	set_by          text not null,
	set_at          timestamptz not null default now(),
	primary key (broker, document_id),
	foreign key (broker, document_id) references document (broker, document_id)
);
create index desk_of on desk (broker, assignee) where assignee is not null;
create index desk_postponed on desk (broker, postponed_until) where postponed_until is not null;

-- Who looks at a document right now: a courtesy, not a lock of the database. A crash may take it.
create unlogged table desk_lock (
	broker      text not null,
	document_id uuid not null,
	locked_by   text not null,
	name        text not null,                  -- as people read it
	until       timestamptz not null,
	primary key (broker, document_id)
);

-- postpone and hand_over change no verdict; create is an assignment to a contract made for it. reason: why it is ignored.
alter table decision drop constraint decision_action_check;
alter table decision add constraint decision_action_check check (action in
	('assign', 'create', 'ignore', 'postpone', 'hand_over', 'undo'));
alter table decision add column reason text check (reason in
	('advertising', 'circular', 'settlement', 'not_ours', 'duplicate', 'other'));

-- What waits, as lists ask for it. put_off is a boolean and assignee may be null so that the planner guesses a half of what
-- waits, not one in 200, and walks an index in the list's order.
create view queue_row as
select d.broker, d.document_id, d.received_at, d.letter_at, d.issuer, d.reason, d.class, d.line, d.said,
       k.assignee, coalesce(k.postponed_until > statement_timestamp(), false) as put_off
from document d
left join desk k on k.broker = d.broker and k.document_id = d.document_id
where d.state = 'queued';
