-- Keep which pictures join two contracts. Who lost it reads the stock again.
-- durability: relaxed
-- $1 text, broker   $2 text, digest of the rules   $3 text, stock as picture_joins_find.sql gave it   $4 jsonb, sentences
insert into picture_joins as j (broker, rules, stock, joins)
values ($1, $2, $3, $4::jsonb)
on conflict (broker) do update set rules = excluded.rules, stock = excluded.stock, joins = excluded.joins, looked_at = now()
