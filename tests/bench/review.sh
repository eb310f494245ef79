# review.sh -- the clerk's API over a queue of 100,000 documents: how long each question takes, 200 clerks at once, what the process
# keeps in memory; the page over it by Lighthouse; a queue of 200 cleared by keyboard in a browser. Sourced by bench.sh.
#   BENCH_QUEUE=100000  BENCH_ASKED=200 times each question  BENCH_CLERK_SECONDS=30  BENCH_CLERK_PAUSE=5 s, of people as they work
#   BENCH_REVIEW=api: without the page

review_queue() { # COUNT: documents that wait, of four insurers, as the matcher leaves them
	in_db vorpost -v n="$1" >"$place/out" 2>&1 <<'SQL' || die "the queue: $(tail -3 "$place/out")"
insert into connection (broker, connection, issuer, sts_url, transfer_url)
select 'bench', i, i, 'https://localhost/', 'https://localhost/' from unnest('{seeufer,kranich,lindenhof,muehlrad}'::text[]) i;
insert into shipment (broker, connection, shipment_id, state)
select 'bench', i, 'S', 'acknowledged' from unnest('{seeufer,kranich,lindenhof,muehlrad}'::text[]) i;
insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, name, media_type, size, sha256, issuer, business_case, line,
	numbers, facts, state, tier, reason, evidence, candidates, received_at)
select 'bench', gen_random_uuid(), issuer, 'S', n, 1, 'rechnung-' || n || '.pdf', 'application/pdf', 50000, md5(n::text) || md5(n::text), issuer, '120010000', '050',
	jsonb_build_array(jsonb_build_object('kind', 'policy', 'value', 'ZZ-' || n, 'path', '')),
	'{"shipment": {"category": "120010000"}, "transfer": {"party": {"surname": "Tannhuber"}}, "document": {}}', 'queued', 'none',
	('{number_unknown,no_number,several_contracts,contract_ended}'::text[])[n % 4 + 1], '[]', '[]', now() - n * interval '7 seconds'
from (select n, ('{seeufer,kranich,lindenhof,muehlrad}'::text[])[n / 4 % 4 + 1] as issuer from generate_series(1, :n) n) made;
insert into document_text (broker, document_id, state, page_count, pages, entries, clued_at, text)
select 'bench', document_id, 'read', 1, '[]', '[]', now(), 'Sehr geehrte Frau Tannhuber, Ihre Rechnung ' || transfer_no ||
	case when transfer_no % 100 = 17 then ' zum Fahrzeugschein M-AB ' || transfer_no % 10000 else ' zum Vertrag' end || ' vom 12.03.2026 ' ||
	(select string_agg('wort' || (transfer_no * 7 + i * 13) % 20000, ' ') from generate_series(1, 40) i)
from document where transfer_no % 5 = 2;
insert into contract (broker, contract_id, issuer, birth_date)
select 'bench', 'c-' || n, ('{seeufer,kranich,lindenhof,muehlrad}'::text[])[n % 4 + 1], date '1940-01-01' + n % 25000 from generate_series(1, :n) n;
SQL
}

# 200 clerks with a session and documents of their own: a line each, the cookie's value, then documents.
review_clerks() { # FILE
	in_db vorpost >"$1" <<'SQL'
create temp table clerk as
select n, 'clerk-' || n as name, 'vps_' || lpad(to_hex(n), 16, '0') || '_' || md5(random()::text) || left(md5(random()::text), 11) as cookie
from generate_series(1, 200) n;
insert into app_user (broker, name, shown, role, created_by) select 'bench', name, name, 'clerk', 'bench' from clerk;
insert into session (broker, session_id, digest, name, address, expires_at)
select 'bench', substr(cookie, 5, 16), encode(sha256(convert_to(cookie, 'UTF8')), 'hex'), name, '127.0.0.1', now() + interval '1 hour' from clerk;
select cookie || ' ' || string_agg(document_id::text, ' ' order by received_at)
from clerk join document on transfer_no % 200 = n - 1 and transfer_no <= 40000
group by cookie;
SQL
}

# The page is looked for once, when the server starts: whoever makes it later gets 404 until the next start.
review_serve() {
	"$root/review/web/make.sh" >"$place/out" 2>&1 || die "the page: $(tail -3 "$place/out")"
	printf 'listen: "127.0.0.1:0"\n' >>"$place/vorpost.yaml"
	"$bin/vorpost" --config "$place/vorpost.yaml" serve >"$place/serve" 2>&1 &
	children+=("$!")
	wait_until "serve does not listen: $(tail -3 "$place/serve")" grep -q 'address=http://' "$place/serve"
	review_url=$(grep -oE 'http://[0-9.:]+' "$place/serve" | head -1)
	VORPOST_TOKEN=$("$bin/vorpost" --config "$place/vorpost.yaml" token add bench --scope documents,statistics | grep -oE 'vpt_[A-Za-z0-9_-]+' | head -1)
	export VORPOST_TOKEN
}

# New documents are placed in the order of their letters by the daemon, in the background.
review_placed() { [ "$(in_db vorpost -c "select count(*) from document where state = 'queued' and not placed")" = 0 ]; }

# The roles are children of serve under one name; the one that answers is the one that listens.
review_memory() { # kB resident
	local port=${review_url##*:} inode pid
	inode=$(awk -v p="$(printf ':%04X' "$port")" '$4 == "0A" && index($2, p) { print $10; exit }' /proc/net/tcp)
	for pid in $(pgrep -P "${children[-1]}"); do
		[ -z "$(find "/proc/$pid/fd" -lname "socket:\[$inode\]" 2>/dev/null)" ] || awk '/^VmRSS/ { print $2 }' "/proc/$pid/status"
	done | tail -1
}

# Debian's chromium, logged in, on the queue page of the same server.
review_lighthouse() {
	local page=$here/page password
	[ "$(curl -s -o "$place/out" -w '%{http_code}' "$review_url/")" = 200 ] || die "no page is served: $(head -c 200 "$place/out")"
	[ -d "$page/node_modules/lighthouse" ] || (cd "$page" && npm ci --ignore-scripts --no-audit --no-fund --silent) || die "npm ci in $page"
	password=$(head -c 18 /dev/urandom | base64)
	(umask 077; printf '%s\n' "$password" >"$place/password")
	"$bin/vorpost" --config "$place/vorpost.yaml" user add bench --role lead --password-file "$place/password" --quiet >"$place/out" 2>&1 ||
		die "user add: $(tail -1 "$place/out")"
	VORPOST_PASSWORD=$password node "$page/lighthouse.mjs" "$review_url" bench >"$place/lighthouse" 2>"$place/lost" || die "lighthouse: $(grep -m1 '^Error' "$place/lost" || tail -3 "$place/lost")"
	sed 's/^/    /' "$place/lost"
	awk '{ printf "    Lighthouse, %-8s performance %d, accessibility %d, %d kB over the wire\n", $1, $2, $3, $4 }' "$place/lighthouse"
	awk '{ printf "goal Lighthouse, %s, performance and accessibility: %d and %d wanted >= 95: %s\n", $1, $2, $3, ($2 >= 95 && $3 >= 95) ? "met" : "MISSED" }
		$4 > most { most = $4 }
		END { printf "goal first load of the page, without pdf.js: %d kB wanted < 200: %s\n", most, most < 200 ? "met" : "MISSED" }' \
		"$place/lighthouse" >>"$place/goals"
}

# The office of the browser tests on the optimised program: 200 documents by keyboard alone.
review_clearing() {
	(cd "$root/tests/review/browser" && npm ci --ignore-scripts --no-audit --no-fund --silent) || die "npm ci in tests/review/browser"
	VORPOST_BUILD=$bin VORPOST_PARTS=clearing VORPOST_SHOTS=$place/shots "$root/tests/review/browser/browser.sh" >"$place/clearing" 2>&1 ||
		die "clearing: $(grep -A3 FAILED "$place/clearing" | head -4)"
	grep -E '^    ' "$place/clearing"
	awk '/^figure page/ {
		printf "goal keys where the first candidate is right, median of %d: %d wanted <= 1: %s\n", $9, $5, ($5 <= 1 && $7 >= 200) ? "met" : "MISSED"
		printf "goal page-side time of a decision, p95: %.0f ms wanted < 100: %s\n", $3, $3 < 100 ? "met" : "MISSED" }' "$place/clearing" >>"$place/goals"
}

# 200 clerks: "KIND COUNT MEDIAN P95" a line in $place/clerks, at last "all COUNT A-SECOND MEDIAN P95 ERRORS".
review_people() { # MODE WORDS
	review_load
	node "$here/peers/clerks.mjs" "$review_url" "$1" "$place/people" >"$place/clerks" 2>"$place/out" || die "200 clerks: $(tail -3 "$place/out")"
	awk -v words="$2" '/^all/ { printf "    200 %s: %d answers, %s a second, median %d ms, p95 %d ms, errors %d\n", words, $2, $3, $4, $5, $6; next }
		{ printf "        %-10s %6d, median %d ms, p95 %d ms\n", $1, $2, $3, $4 }' "$place/clerks"
}

# What else is at work makes every figure worse.
review_load() { say "  load $(cut -d' ' -f1 /proc/loadavg), $(nproc) cores"; }

review_api() {
	local n=${BENCH_QUEUE:-100000} memory
	[ -z "${BENCH_QUICK:-}" ] || n=10000
	cluster_start
	events_database vorpost
	review_queue "$n"
	in_db vorpost -c 'vacuum analyze' >/dev/null
	review_serve
	for _ in $(seq 1200); do review_placed && break; sleep 0.5; done
	review_placed || die "documents are not placed: $(tail -3 "$place/serve")"
	in_db vorpost -c 'vacuum analyze document' >/dev/null
	say "  $n documents wait, a fifth with a text layer"
	[ -d "$here/peers/node_modules/autocannon" ] || (cd "$here/peers" && npm ci --ignore-scripts --no-audit --no-fund --silent) || die "npm ci in peers"
	review_load
	node "$here/peers/clerks.mjs" "$review_url" one >"$place/clerks" || die "a question was refused"
	awk '{ gsub(/_/, " ", $1); printf "    %-22s median %8.2f ms, p95 %8.2f ms\n", $1, $2, $3 }' "$place/clerks"
	awk '/^queue/ && $3 > most { most = $3 }
		END { printf "goal list of the queue, also searched, slowest p95: %.1f ms wanted < 50: %s\n", most, most < 50 ? "met" : "MISSED" }' "$place/clerks" >>"$place/goals"
	review_clerks "$place/people"
	review_people paced "clerks, one thing every ${BENCH_CLERK_PAUSE:-5} s"
	awk '/^all/ { printf "goal 200 clerks as people work, %s a second, p95: %d ms wanted < 200: %s\n", $3, $5, ($5 < 200 && $6 == 0) ? "met" : "MISSED" }' \
		"$place/clerks" >>"$place/goals"
	review_people many "clerks, as fast as answers come"
	memory=$(review_memory)
	awk '/^all/ { all = $2; errors = $6 } /^decision/ { decided = $2 }
		END { printf "goal 200 clerks at once (lists, documents, %d decisions), errors: %d wanted 0: %s\n", decided, errors, (errors == 0 && decided > 0) ? "met" : "MISSED" }' \
		"$place/clerks" >>"$place/goals"
	printf 'goal resident memory of the API: %d MiB wanted < 100: %s\n' $((${memory:-0} / 1024)) \
		"$([ "${memory:-0}" -gt 0 ] && [ "$memory" -lt 102400 ] && echo met || echo MISSED)" >>"$place/goals"
}

part_review() {
	review_api
	[ "${BENCH_REVIEW:-}" != api ] || return 0
	review_load
	review_lighthouse
	review_load
	review_clearing
	review_load
}
