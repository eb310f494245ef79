-- Names one slip away from a number (store/sql/near_names.sql): for each third of a name an index of what is left
-- without it. A wrong, missing or superfluous character lies in one third; whatever it is, the other two agree. Three
-- entries a name, where an index of all keys with one character left out has one for each character.

-- What remains of a key of n characters without its k-th third, as a number; the same for two names if all but
-- this third agree, and n. For a key that is not n long: of the one that it may have been, its own front and tail.
create function name_part(issuer text, key text, n int, k int) returns bigint
language sql immutable parallel safe as $$
	select hashtextextended(issuer || ' ' || left(key, ((k - 1) * n + 2) / 3) || right(key, n - (k * n + 2) / 3), n * 3 + k)
$$;

create index contract_name_part_1 on contract_name (name_part(issuer, key, length(key), 1));
create index contract_name_part_2 on contract_name (name_part(issuer, key, length(key), 2));
create index contract_name_part_3 on contract_name (name_part(issuer, key, length(key), 3));
