-- Documents of some days that the matcher had filed and that a person filed elsewhere or set aside: it was wrong.
-- $1 text, broker   $2 timestamptz and $3 timestamptz, received from and before   $4 text, issuer or null
--   -> issuer text, tier text (that filed it), documents int8
select d.issuer, n.tier, count(*) as documents
from (select distinct on (document_id) document_id, before ->> 'tier' as tier, before ->> 'contract_id' as contract_id
      from decision
      where broker = $1 and decided_at >= $2::timestamptz and action in ('assign', 'ignore', 'create')
        and before ->> 'state' = 'filed' and before ->> 'decided_by' is null
      order by document_id, decided_at) n
join document d on d.broker = $1 and d.document_id = n.document_id
where d.received_at >= $2::timestamptz and d.received_at < $3::timestamptz and d.decided_by is not null
  and d.contract_id is distinct from n.contract_id and ($4::text is null or d.issuer = $4)
group by 1, 2
