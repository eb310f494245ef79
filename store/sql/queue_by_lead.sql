-- The queue by what a person can still save: first the letters that have not come, the soonest first; then what has no letter
-- or none that anybody knows; then what the letter has overtaken, the latest first. Each lane is one walk along an index; its bound is one
-- comparison of rows, for of two bounds PostgreSQL begins at the wrong one.
-- $1 text, broker   $2 int8, when the list began, in ms   $3 int8, lane, $4 int8, in us, place and $5 uuid, document of the last
-- one shown; lane -1: from the first   filters, null: any: $6 text, reason   $7 text, issuer   $8 text, class   $9 text, line
-- $10 text[], patterns of LIKE, or $14 tsquery, words (search_terms.sql)   $11 text, assignee; '': nobody
-- $12 text, 'queued' or 'postponed'   $13 int8, how many
--   -> began int8, lane int8, place int8, document_id uuid
select $2::int8 as began, lane, place, document_id
from ((select 0::int8 as lane, (extract(epoch from letter_at) * 1000000)::int8 as place, document_id
       from queue_row
       where broker = $1 and $3::int8 < 1
         and (letter_at, document_id) > (case when $3::int8 = 0 then timestamptz 'epoch' + $4::int8 * interval '1 us'
                                              else timestamptz 'epoch' + $2::int8 * interval '1 ms' end,
                                         case when $3::int8 = 0 then $5 else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end::uuid)
         and ($6::text is null or reason = $6) and ($7::text is null or issuer = $7)
         and ($8::text is null or class = $8) and ($9::text is null or line = $9)
         and ($10::text[] is null or said like any ($10::text[]) or words @@ $14::tsquery)
         and ($11::text is null or case when $11 = '' then assignee is null else assignee = $11 end) and put_off = ($12 = 'postponed')
       order by letter_at, document_id
       limit $13::int8)
      union all
      (select 1, 0, document_id
       from queue_row
       where broker = $1 and letter_at is null and $3::int8 < 2
         and document_id > case when $3::int8 = 1 then $5 else '00000000-0000-0000-0000-000000000000' end::uuid
         and ($6::text is null or reason = $6) and ($7::text is null or issuer = $7)
         and ($8::text is null or class = $8) and ($9::text is null or line = $9)
         and ($10::text[] is null or said like any ($10::text[]) or words @@ $14::tsquery)
         and ($11::text is null or case when $11 = '' then assignee is null else assignee = $11 end) and put_off = ($12 = 'postponed')
       order by document_id
       limit $13::int8)
      union all
      (select 2, (extract(epoch from letter_at) * 1000000)::int8, document_id
       from queue_row
       where broker = $1
         and (letter_at, document_id) < (case when $3::int8 = 2 then timestamptz 'epoch' + $4::int8 * interval '1 us'
                                              else timestamptz 'epoch' + $2::int8 * interval '1 ms' end,
                                         case when $3::int8 = 2 then $5 else 'ffffffff-ffff-ffff-ffff-ffffffffffff' end::uuid)
         and ($6::text is null or reason = $6) and ($7::text is null or issuer = $7)
         and ($8::text is null or class = $8) and ($9::text is null or line = $9)
         and ($10::text[] is null or said like any ($10::text[]) or words @@ $14::tsquery)
         and ($11::text is null or case when $11 = '' then assignee is null else assignee = $11 end) and put_off = ($12 = 'postponed')
       order by letter_at desc, document_id desc
       limit $13::int8)) as lanes
limit $13::int8
