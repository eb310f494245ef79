-- Names that two thirds of a key agree with, or with two characters changed over around a cut: all that are one
-- slip away, and some that are not. At most 2000 for each third.
-- The arrays stand in sub-selects as in name_find.sql; the others have them so that nothing is computed twice.
-- $1 text, broker   $2 text[], issuers   $3 text[], keys of at least five characters; null: nothing is near
--   -> ask int8 (which pair, from 0), key text
select a.no - 1 as ask, n.key
from unnest((select $2::text[]), (select $3::text[])) with ordinality as a (issuer, key, no)
cross join lateral (
	select length(a.key) as n, (length(a.key) + 2) / 3 as cut_1, (2 * length(a.key) + 2) / 3 as cut_2
	offset 0) c
cross join lateral (
	select overlay(a.key placing reverse(substr(a.key, c.cut_1, 2)) from c.cut_1 for 2) as at_1,
	       overlay(a.key placing reverse(substr(a.key, c.cut_2, 2)) from c.cut_2 for 2) as at_2
	offset 0) s
cross join lateral (
	select array[name_part(a.issuer, a.key, c.n, 1), name_part(a.issuer, a.key, c.n - 1, 1),
		     name_part(a.issuer, a.key, c.n + 1, 1), name_part(a.issuer, a.key, c.n + 2, 1),
		     name_part(a.issuer, s.at_1, c.n, 1), name_part(a.issuer, s.at_2, c.n, 1)] as without_1,
	       array[name_part(a.issuer, a.key, c.n, 2), name_part(a.issuer, a.key, c.n - 1, 2),
		     name_part(a.issuer, a.key, c.n + 1, 2)] as without_2,
	       array[name_part(a.issuer, a.key, c.n, 3), name_part(a.issuer, a.key, c.n - 1, 3),
		     name_part(a.issuer, a.key, c.n + 1, 3)] as without_3
	offset 0) p
cross join lateral (
	(select n.key from contract_name_mine n
	 where n.broker = $1 and n.issuer = a.issuer and name_part(n.issuer, n.key, length(n.key), 1) = any (p.without_1) limit 2000)
	union all
	(select n.key from contract_name_mine n
	 where n.broker = $1 and n.issuer = a.issuer and name_part(n.issuer, n.key, length(n.key), 2) = any (p.without_2) limit 2000)
	union all
	(select n.key from contract_name_mine n
	 where n.broker = $1 and n.issuer = a.issuer and name_part(n.issuer, n.key, length(n.key), 3) = any (p.without_3) limit 2000)) n
