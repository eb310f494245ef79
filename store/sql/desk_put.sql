-- Lay a document on somebody's desk, or put it off.
-- $1 text, broker   $2 uuid, document   $3 text, assignee; null: nobody   $4 timestamptz, postponed until; null: not
-- $5 text, note; null: none   $6 text, the person
insert into desk (broker, document_id, assignee, postponed_until, note, set_by, set_at)
values ($1, $2::uuid, $3, $4::timestamptz, $5, $6, clock_timestamp())
on conflict (broker, document_id) do update
set assignee = excluded.assignee, postponed_until = excluded.postponed_until, note = excluded.note,
    set_by = excluded.set_by, set_at = excluded.set_at
