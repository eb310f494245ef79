-- How far matching again has come; the same transaction holds what it changed.
-- $1 text, broker   $2 int8, due_id   $3 bool, the names are still to come   $4 text, names up to this contract
-- $5 uuid, documents up to this one   $6 bool, it is done
with done as (
	delete from rematch_due where $6::boolean and broker = $1 and due_id = $2::int8
)
update rematch_due
set rekey = $3::boolean, contract_after = $4, document_after = $5::uuid,
    not_before = case when not_before > clock_timestamp() then clock_timestamp() + interval '30 seconds' else not_before end
where not $6::boolean and broker = $1 and due_id = $2::int8
