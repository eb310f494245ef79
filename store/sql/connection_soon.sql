-- Ask this insurer at the next opportunity instead of when it would be due. A paused connection stays as it is.
-- $1 text, broker   $2 text, name   -> connection text, paused bool; no row if there is none
with due as (
	update connection
	set due_at = least(due_at, now())
	where broker = $1 and connection = $2 and state = 'active'
)
select connection, state = 'paused' as paused
from connection
where broker = $1 and connection = $2
