#!/bin/bash
# The page in a real browser: a broker's office with a queue, `vorpost serve`, Debian's chromium driven by playwright-core.
# usage: browser.sh [PART OF A TEST'S NAME]    VORPOST_PARTS=looks,actions,...: only these; VORPOST_SHOTS: where the pictures go
# Closes with 'N passed, N failed'. The page is taken from build/web (./run test makes it).
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../../lib.sh"
source "$here/../scene.sh"

for tool in node chromium openssl psql flock; do
	command -v "$tool" >/dev/null || { say "$tool is missing"; say "0 passed, 1 failed"; exit 1; }
done
[ -e "$root/build/web/index.html" ] || { say "there is no build/web; node review/web/build.mjs makes it"; say "0 passed, 1 failed"; exit 1; }

# Letters of yesterday, so that some are still on their way.
shipments_make() { # FOLDER STOCK COUNT SEED
	v contracts import --print "$2" >"$1.csv" 2>"$1.err" &&
		"$build/vorpost-generate" --contracts "$1.csv" --seed "$4" --shipments "$3" --out "$1" \
			--day "$(TZ=Europe/Berlin date -d yesterday +%F)" >"$1.generated"
}

# Names and files as no insurer should send them: in twelve documents that wait.
hostile_plant() {
	sql -v b="$broker" >"$place/out" 2>&1 <<'SQL'
with waiting as (select document_id, row_number() over (order by received_at desc, document_id) as n from document
		where broker = :'b' and state = 'queued')
update document d set
	name = case n % 3 when 2 then E'rechnung\u202Efdp.exe' when 0 then '<script>vorpost_was_here=1</script>.pdf' else name end,
	facts = case n % 3
		when 1 then jsonb_set(facts, '{transfer,party,surname}', to_jsonb('"><img src=x onerror=vorpost_was_here=1><script>vorpost_was_here=1</script>'::text))
		when 2 then jsonb_set(facts, '{transfer,party,surname}', to_jsonb(E'Tannhuber\u202Egnp.exe'::text))
		else facts end
from waiting w where w.document_id = d.document_id and w.n <= 12;
SQL
}

# What nobody could read: two deliveries of a connection, one with a place and one without.
quarantine_plant() {
	sql -v b="$broker" >"$place/out" 2>&1 <<'SQL'
insert into shipment (broker, connection, shipment_id, state, refusal, attempts, answered_at, raw_content_type)
select :'b', connection, 'Q-' || n, 'quarantined', case n when 1 then 'getShipment: no end at byte 12' else 'getShipment: the answer is cut off' end, n, now(), 'text/xml'
from (select min(connection) as connection from connection where broker = :'b') first, generate_series(1, 2) n;
SQL
}

# DOCUMENT CONTRACT a line: whose letter what waits is in truth, by the generator's truth.csv.
labels_write() { # FILE
	sql -F ' ' >"$1" <<SQL
create temp table truth (shipment_id text, transfer_no int, file_no int, contract_id text, reason text, insurer text, story text, about text);
\\copy truth from '$folder/truth.csv' with (format csv, header)
select d.document_id, t.about from document d join truth t using (shipment_id, transfer_no, file_no)
where d.broker = '$broker' and d.state = 'queued' and t.about is not null and t.about <> '';
SQL
}

# The texts of what waits are read in the background: until all are, suggestions come by themselves, and a test that asks for the
# list and then reads the page reads two.
texts_read() {
	sleep 1
	[ "$(sql -c "select count(*) from document d left join document_text t using (broker, document_id)
		where d.broker = '$broker' and d.state = 'queued' and d.media_type in ('application/pdf', 'application/zip')
			and (t.document_id is null or (t.state = 'read' and t.clued_at = '-infinity'))")" = 0 ]
}

people_make() {
	local user role
	VORPOST_PASSWORD=$(head -c 18 /dev/urandom | base64)
	(umask 077; printf '%s\n' "$VORPOST_PASSWORD" >"$place/secrets/people")
	while read -r user role; do
		v user add "$user" --role "$role" --name "${user^}" --password-file "$place/secrets/people" --quiet >"$place/out" 2>&1 ||
			bad "user add $user" "$place/out"
	done <<<"sachbearbeitung clerk
vertretung clerk
leitung lead
betrieb operator
lesen read-only"
	export VORPOST_PASSWORD
}

place_make browser
office_open browser 400 1800 || close_count # so many that 200 still wait when all else was tried
people_make
hostile_plant || bad "hostile names" "$place/out"
quarantine_plant || bad "what nobody could read" "$place/out"
labels_write "$place/labels" || bad "whose the letters are" "$place/labels"
serve_open || close_count
await 600 texts_read || bad "the texts of some documents are not read" "$place/serve"
export VORPOST_LABELS=$place/labels
export VORPOST_URL=$url/ VORPOST_SHOTS=${VORPOST_SHOTS:-$root/build/screenshots}
node "$here/browser.mjs" "$@" | tee "$place/browser.out"
passed=$((passed + $(grep -c '^ok: ' "$place/browser.out")))
failed=$((failed + $(grep -c '^FAILED: ' "$place/browser.out")))
grep -qE '^[0-9]+ passed' "$place/browser.out" || bad "the browser tests ended without a count" "$place/serve"
close_count
