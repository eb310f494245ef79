-- A piece of what is to be matched again failed: it stands behind all that failed less often.
-- $1 text, broker   $2 int8, due_id
update rematch_due set failures = failures + 1 where broker = $1 and due_id = $2::int8
