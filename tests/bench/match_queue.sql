-- :documents waiting documents in a stock of :contracts: half of them with a changed digit and the holder's name, a
-- quarter with a number that is now known, a quarter with one that nobody knows.
insert into connection (broker, connection, issuer, sts_url, transfer_url)
values ('bench', 'north', 'allianz', 'http://127.0.0.1/', 'http://127.0.0.1/') on conflict do nothing;
insert into shipment (broker, connection, shipment_id, category, state, facts)
select 'bench', 'north', 'S' || i, '140013000', 'stored', '{}' from generate_series(1, :documents) i;
insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, name, media_type, size, sha256, issuer,
	vu, business_case, line, numbers, facts, state, tier, reason, evidence, candidates, received_at, decided_at, decided_by)
select 'bench', ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 'north', 'S' || i, 1, 1, 'a.pdf',
       'application/pdf', 1000, lpad(i::text, 64, '0'), c.issuer, c.vu, '120000000', '050',
       jsonb_build_array(jsonb_build_object('kind', 'policy', 'path', 'Vertragsnummer', 'value',
	       case when i % 4 < 2 then overlay(c.number placing ((i + substr(c.number, 8, 1)::int) % 10)::text from 8)
	            when i % 4 = 2 then c.number else 'X' || lpad(i::text, 9, '0') end)),
       '{}', 'queued', 'none', 'number_unknown', '[]', '[]', now(), now(), 'matcher'
from generate_series(1, :documents) i
join contract c on c.broker = 'bench' and c.contract_id = 'C' || (1 + i * 7919::bigint % :contracts);
analyze document;
