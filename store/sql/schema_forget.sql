-- The insurer mended it, or the schemas are others now: counting begins anew.
-- $1 text, broker   $2 text, connection    -> forgotten int8: kinds
with gone as (
	delete from schema_breach where broker = $1 and connection = $2 returning 1
)
select count(*) as forgotten from gone
