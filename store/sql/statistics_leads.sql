-- How long before the letter that was expected customers were told in some days, out of the index alone where no issuer is given.
-- $1 text, broker   $2 timestamptz and $3 timestamptz, from and before   $4 text, issuer or null
--   -> hours int8 (begun ones; below 0: the letter was earlier), documents int8
select floor(extract(epoch from letter_at - released_at) / 3600)::int8 as hours, count(*) as documents
from release r
where broker = $1 and released_at >= $2::timestamptz and released_at < $3::timestamptz and letter_at is not null
  and ($4::text is null or exists (select from document d
	where d.broker = $1 and d.document_id = r.document_id and d.issuer = $4))
group by 1
