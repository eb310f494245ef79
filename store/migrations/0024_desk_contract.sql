-- A clerk may make a contract: the statement of imports writes it, which also names the table of what an import has seen.
grant insert on contract_seen to vorpost_web;
