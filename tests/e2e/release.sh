# release.sh -- what customers hear: what was filed for certain, nothing that waits, corrections where they were told. Sourced by e2e.sh.

for_customers="type in ('document.released', 'document.withdrawn', 'document.reassigned', 'policy.issued', 'invoice.issued',
	'endorsement.issued', 'arrears.notified', 'cancellation.confirmed', 'claim.document.added')"
told_of() { # DOCUMENT: the types, in order
	sql -v b="$broker" -v d="$1" <<<"select string_agg(type, ' ' order by position) from event
		where broker = :'b' and payload ->> 'document_id' = :'d' and $for_customers"
}
hold_backs_end() { sql -v b="$broker" <<<"update release set due_at = now() - interval '1 s' where broker = :'b' and due_at is not null"; }

# Words of the stock and of the deliveries in what customers are told. Keys and ids of our own making are left out, nothing of the insurer's is.
stock_words_told() { # [EVENT]: as if that had been told, too
	sql -v b="$broker" -v planted="${1:-{\}}" <<-SQL
		begin;
		insert into event (broker, id, aggregatetype, aggregateid, type, payload)
			values (:'b', gen_random_uuid(), 'customer', 'x', 'document.released', :'planted');
		with said as (
			select lower((payload - 'collapse_key' - 'document_id' - 'dataref')::text) || ' ' || coalesce(case when correlationid !~ '^[A-Za-z0-9_-]{24}$' then lower(correlationid) end, '') as said
			from event where broker = :'b' and $for_customers
		), words as (
			select distinct word from said, regexp_split_to_table(said, '[^[:alnum:]]+') as word
		), hidden as (
			select lower(h) as hidden from contract, unnest(array[name, first_name, birth_date::text, postcode, number,
				printed_number, plate, application_number]) as h
			where broker = :'b' and length(h) > 2
			union select lower(n ->> 'value') from document, jsonb_array_elements(numbers) as n
			where broker = :'b' and length(n ->> 'value') > 3
			union select lower(name) from document where broker = :'b' and length(name) > 3
			union select lower(shipment_id) from shipment where broker = :'b' and length(shipment_id) > 3
		)
		select count(*) from hidden
		where hidden in (select word from words)
		   or (length(hidden) > 6 and exists (select from said where position(hidden in said) > 0));
		rollback;
	SQL
}

test_release() {
	local document contract
	scene_sandbox release 120 23 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	expect "a round" 0 v poll --once --quiet
	judge_scene "what was released"
	[ "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and type = 'document.released'")" -gt 50 ] && good || bad "hardly anything was released"
	same "no word of the stock is told" "$(stock_words_told)" 0
	same "a word of the stock would be found" "$(stock_words_told "$(sql -v b="$broker" <<<"select json_build_object('text', 'Dear ' || name)
		from contract where broker = :'b' and length(name) > 3 limit 1")" | grep -c '^[1-9]')" 1
	same "nor where it came from" "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and $for_customers
		and (payload ? 'shipment' or correlationid is null or correlationid like '%/%')")" 0
	same "but what came together" "$(sql -v b="$broker" <<<"select count(distinct correlationid) = count(distinct (d.connection, d.shipment_id))
		from event e join document d on d.broker = e.broker and d.document_id::text = e.payload ->> 'document_id'
		where e.broker = :'b' and $for_customers")" t
	same "nothing is told of what waits" "$(sql -v b="$broker" <<<"select count(*) from event e join document d
		on d.broker = e.broker and d.document_id::text = e.payload ->> 'document_id' where e.broker = :'b' and d.state = 'queued' and $for_customers")" 0

	# A clerk files, undoes in time, files again, and undoes too late.
	document=$(sql -v b="$broker" <<<"select document_id from document where broker = :'b' and state = 'queued' and reason = 'number_unknown'
		and business_case ~ '^(100007|130|140013)' order by transfer_no, shipment_id limit 1")
	contract=$(sql -v b="$broker" -v d="$document" <<<"select c.contract_id from contract c join document d using (broker, issuer)
		where broker = :'b' and d.document_id = :'d' and not c.cancelled order by c.contract_id limit 1")
	expect "queue assign" 0 v queue assign "$document" "$contract" --confirm "$meant" --by clerk --no-alias
	says "it says when the customer is told" 'the customer is told in 10 minutes' "$place/out"
	expect "release list" 0 v release list --waiting --output csv
	says "it waits" "^$document,.*,person,waiting," "$place/out"
	expect "undo in time" 0 v queue undo "$document"
	says "nobody had been told" 'had not been told of it' "$place/out"
	hold_backs_end
	expect "time passes" 0 v events list
	same "nobody hears of it" "$(told_of "$document")" ""
	expect "filed again" 0 v queue assign "$document" "$contract" --confirm "$meant" --by clerk --no-alias
	hold_backs_end
	expect "time passes" 0 v events list
	says "the customer is told" '^document.released' <(told_of "$document")
	expect "undo too late" 0 v queue undo "$document"
	says "a correction is announced" 'a correction goes out' "$place/out"
	says "and is told" '^document.released .*document.withdrawn$' <(told_of "$document")

	# Rules and words of a person.
	expect "filed once more" 0 v queue assign "$document" "$contract" --confirm "$meant" --by clerk --no-alias
	expect "a dry run" 0 v release rule add --issuer "$(sql -v b="$broker" -v d="$document" <<<"select issuer from document where broker = :'b' and document_id = :'d'")" --verb never --note "we talk to them" --dry-run
	says "it names what would be stopped" "$document.* told in .* withheld" "$place/out"
	expect "no rule was made" 0 v release rule list --output csv
	says_not "no rule was made" 'we talk to them' "$place/out"
	expect "release withhold wants a reason" 64 v release withhold "$document"
	expect "release withhold" 0 v release withhold "$document" --note "the clerk is not sure"
	says "nobody was told" 'the customer is not told' "$place/out"
	expect "release give" 0 v release give "${document:0:13}" --by clerk
	says "the customer is told" 'is told' "$place/out"
	expect "release give, twice" 69 v release give "$document"
	expect "a verb that is none" 64 v release rule add --category invoice --verb maybe
	expect "a rule for everything" 64 v release rule add --verb never
	expect "settlements for customers" 69 v release rule add --category settlement --verb auto
	expect "events go out" 0 v events deliver
	same "no word of the stock is told now" "$(stock_words_told)" 0
	scene_end
}
