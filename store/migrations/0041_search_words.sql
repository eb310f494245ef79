-- Searching what waits: by what was delivered, in any spelling, and by the words that stand inside the document.

-- As people type: names folded (0019_insight.sql), and whatever is no letter or digit is one blank. "O'Neill, M-AB 123" is "o neill m ab 123".
create function words_fold(said text) returns text language sql immutable parallel safe as $$
	select btrim(regexp_replace(name_fold(said), '[^a-z0-9\u00c0-\u1fff\u2c00-\u2dff\u3040-\ud7ff\uf900-\uffdc]+', ' ', 'g'))
$$;

-- The words of a text, and two to four neighbours with a digit as one word, so that a plate, a date or a number in groups is found
-- however it is parted. 5,000 of these at most: what a table of figures has more of is found by its words alone.
create function words_of(said text) returns tsvector language sql immutable parallel safe as $$
	with word as (
		select no, left(word, 40) as a, lead(word, 1, '') over w as b, lead(word, 2, '') over w as c, lead(word, 3, '') over w as d
		from unnest(string_to_array(words_fold(said), ' ')) with ordinality as s (word, no)
		where word <> ''
		window w as (order by no)
	), joined as (
		select j from word
		cross join lateral (values (a || b), (a || b || c), (a || b || c || d)) as v (j)
		where length(j) between 4 and 20 and j > a and j ~ '[0-9]'
		order by no
		limit 5000
	)
	select array_to_tsvector(array(select a from word union select j from joined))
$$;

-- What was delivered about a document, for a search wherever it stands in a word: number, plate and date as they came, and joined.
create function document_said(d document) returns text language sql stable as $$
	select left(concat_ws(' ',
		words_fold(concat_ws(' ', d.facts #>> '{transfer,party,surname}', d.facts #>> '{transfer,party,first_name}',
				     d.facts #>> '{transfer,party,surname}', d.facts #>> '{transfer,plate}')),
		replace(words_fold(d.facts #>> '{transfer,plate}'), ' ', ''),
		words_fold(concat_ws(' ', born, substr(born, 9, 2), substr(born, 6, 2), substr(born, 1, 4))),
		words_fold(d.name), words_fold(d.facts #>> '{document,description}'), words_fold(d.document_id::text),
		(select string_agg(words_fold(n ->> 'value') || ' ' || replace(words_fold(n ->> 'value'), ' ', ''), ' ')
		 from jsonb_array_elements(d.numbers) as n),
		words_fold(array_to_string(d.keys, ' '))), 4000)
	from (select substring(d.facts #>> '{transfer,party,birth_date}' from '^[0-9]{4}-[0-9]{2}-[0-9]{2}') as born) as b
$$;

-- How a search is asked: patterns for what was delivered (none: nothing is found), words for what stands inside (null: too little to
-- look for). $2: the day that was typed, ISO; null: none. The last word may be the beginning of one, because people look while they type.
create function search_terms(typed text, day text, out patterns text[], out words text) language plpgsql immutable as $$
declare
	folded text := words_fold(typed);
	word   text[] := string_to_array(folded, ' ');
	n      int := cardinality(word);
	joined text := replace(folded, ' ', '');
	number bool := n between 2 and 4 and length(joined) between 3 and 20 and joined ~ '[0-9]'
		       and not exists (select from unnest(word) as w where w !~ '[0-9]' and length(w) > 3);
begin
	patterns := case when folded = '' then '{}' else array['%' || folded || '%'] end;
	if n > 1 and length(joined) > 2 and joined ~ '[0-9]' then
		patterns := patterns || ('%' || joined || '%');
	end if;
	if number then
		words := quote_literal(joined) || ':*';
	elsif n > 1 or length(joined) > 2 then
		if n > 1 and length(word[n]) < 3 then
			word := word[:n - 1];
		end if;
		select string_agg(quote_literal(left(w, 40)) || case when no = cardinality(word) and length(w) > 2 then ':*' else '' end, ' & ')
		into words
		from unnest(word) with ordinality as t (w, no);
	end if;
	if day is not null then
		patterns := patterns || ('%' || replace(day, '-', ' ') || '%');
		words := format('%L | %L | %L', to_char(day::date, 'YYYYMMDD'), to_char(day::date, 'DDMMYYYY'), to_char(day::date, 'FMDDFMMMYYYY'));
	end if;
end $$;

-- words: of the text layer (document_text), while the document waits. For people: no decision of the matcher looks here.
-- An index of all texts, whatever became of the document, would be read to its end for each common word.
alter table document add column words tsvector;
drop index document_text_words;
update document d
set said = document_said(d),
    words = (select words_of(t.text) from document_text t
	     where t.broker = d.broker and t.document_id = d.document_id and t.text <> '')
where state = 'queued' and placed;
-- Entries go in at once: a list of those that wait to go in would be read by every search.
create index document_words on document using gin (words) with (fastupdate = off) where state = 'queued';
do $$
begin
	if to_regclass('document_said') is not null then
		alter index document_said set (fastupdate = off);
	end if;
end $$;

create or replace view queue_row as
select d.broker, d.document_id, d.received_at, d.letter_at, d.issuer, d.reason, d.class, d.line, d.said,
       k.assignee, coalesce(k.postponed_until > statement_timestamp(), false) as put_off, d.words
from document d
left join desk k on k.broker = d.broker and k.document_id = d.document_id
where d.state = 'queued';
create or replace view document_mine with (security_invoker = false) as
select * from document where broker = current_setting('vorpost.broker', true) or current_user <> 'vorpost_web';

-- What waits and says some words or has them inside, in no order; filters, null: any. Planned for what is asked each time: a word that
-- all have and one that two have want other plans.
create function queue_find(of_broker text, patterns text[], asked tsquery, of_reason text, of_issuer text, of_class text, of_line text,
			   most int8) returns setof uuid
language plpgsql stable set plan_cache_mode = force_custom_plan as $$
begin
	return query
	select document_id
	from document_mine
	where broker = of_broker and state = 'queued' and (said like any (patterns) or words @@ asked)
	  and (of_reason is null or reason = of_reason) and (of_issuer is null or issuer = of_issuer)
	  and (of_class is null or class = of_class) and (of_line is null or line = of_line)
	limit most;
end $$;

-- A plate of whatever insurer, and how it begins.
create index contract_of_plate on contract (broker, (upper(translate(plate, ' -.', '')) collate "C")) where plate is not null;

select web_protect();
