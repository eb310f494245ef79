# hostile.sh -- what no insurer should send, and who must not suffer from it. Sourced by e2e.sh.

unreadable="ABGESCHNITTEN FALSCHER-TYP BASE64 TEIL-FEHLT VERWEIS OHNE-ENDE DOCTYPE ANDERE"
harmless="GUT-1 ZWEIMAL LEERE-NUMMER OHNE-NUMMER PFAD ZEICHEN LANG UNBEKANNT GUT-2"

hostile_start() {
	hostile=$place/hostile
	mkdir -p "$hostile"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$hostile/server.key" -out "$hostile/server.pem" 2>/dev/null
	start "$hostile/out" node "$root/tests/e2e/hostile.mjs" "$hostile"
	hostile_server=$last
	await 240 test -s "$hostile/port" || { bad "the hostile server does not start" "$hostile/out"; return 1; }
	hostile_base=https://localhost:$(cat "$hostile/port")
	# The same insurer as ever, but with little patience: as little as a machine that stands still for a moment leaves.
	mkdir -p "$place/impatient"
	sed 's/^wire:/&\n  connect_timeout_s: 60\n  sts_timeout_s: 60\n  list_timeout_s: 15\n  get_timeout_s: 15/' \
		"$root/fixtures/insurers/seeufer.yaml" >"$place/impatient/seeufer.yaml"
}

hostile_connection() { # NAME SHELF
	(umask 077; echo geheim >"$place/secrets/$1")
	v connection add "$1" --insurer seeufer --sts "${3:-$hostile_base}/$2/sts" --transfer "${3:-$hostile_base}/$2/transfer" \
		--user makler --password-file "$place/secrets/$1" --ca "$hostile/server.pem" --quiet
}

calls() { grep -cF "{\"shelf\":\"$1\",\"operation\":\"$2\",\"id\":${3:+\"}${3:-null}${3:+\"}}" "$hostile/calls"; } # SHELF OPERATION [ID]
state_of() { sql -v c="$1" -v s="$2" -v b="$broker" <<<"select state from shipment where broker = :'b' and connection = :'c' and shipment_id = :'s'"; }

quarantined_well() { # CONNECTION SHIPMENT
	local raw
	same "$2 is quarantined" "$(state_of "$1" "$2")" quarantined
	same "$2 was not acknowledged" "$(calls "$1" acknowledgeShipment "$2")" 0
	expect "$2 is shown" 0 v delivery show "$1" "$2"
	says "$2: a sentence names connection and shipment" "refusal +connection $1, shipment $2: .{10}" "$place/out"
	raw=$(sed -n 's/^raw answer *//p' "$place/out")
	cmp -s "$raw" "$hostile/sent/$2" && good || bad "$2: the raw bytes are kept in $raw" "$place/out"
}

test_hostile_answers() {
	scene_begin hostile
	v contracts import "$place/stock.gdv" --quiet
	hostile_connection hostile hostile
	expect "a round with hostile answers goes through, and tells of the one put off" 75 v poll --once --output csv
	cp "$place/out" "$place/round"
	for id in $unreadable; do quarantined_well hostile "$id"; done
	for id in $harmless; do
		same "$id is acknowledged" "$(state_of hostile "$id")/$(calls hostile acknowledgeShipment "$id")" acknowledged/1
	done
	says "the table counts them" '^hostile,18,9,0,9,9,8,1,' "$place/round"
	same "an id that stands twice is fetched once" "$(calls hostile getShipment ZWEIMAL)" 1
	same "a web page is no answer: later again" "$(state_of hostile SEITE)" listed
	expect "the quarantine as CSV" 0 v delivery list --output csv
	same "the quarantine" "$(wc -l <"$place/out")" 9
	expect "reading again what cannot be read" 65 v delivery retry hostile BASE64
	same "it stays in quarantine" "$(state_of hostile BASE64)" quarantined
	expect "asking for it anew" 0 v delivery retry hostile DOCTYPE --fetch
	says "a sentence says when" 'the next poll fetches it anew' "$place/out"
	same "it stays in quarantine until then" "$(state_of hostile DOCTYPE)" quarantined
	for _ in 1 2 3 4; do v poll --once --quiet >/dev/null 2>&1; done
	same "web pages are an outage: still later again" "$(state_of hostile SEITE)" listed
	same "fetched anew, and unreadable as before" "$(state_of hostile DOCTYPE)/$(calls hostile getShipment DOCTYPE)" quarantined/2
	same "what is in quarantine is not fetched again" "$(calls hostile getShipment BASE64)" 1
	same "what is acknowledged is not fetched again" "$(calls hostile getShipment GUT-1)" 1
}

test_hostile_oddities() {
	same "an empty number waits for a person" "$(reason_of LEERE-NUMMER)/$(reason_of OHNE-NUMMER)" "no_number/no_number"
	same "a file name is data" "$(sql -v b="$broker" <<<"select name from document where broker = :'b' and shipment_id = 'PFAD'")" \
		../../../../../../tmp/vorpost-hostile-was-here
	[ ! -e /tmp/vorpost-hostile-was-here ] && good || bad "a file name became a path"
	same "300 bytes of file name are kept" "$(sql -v b="$broker" <<<"select octet_length(name) from document where broker = :'b' and shipment_id = 'LANG'")" 300
	same "control characters are kept" "$(sql -v b="$broker" <<<"select encode(convert_to(name, 'utf8'), 'hex') from document where broker = :'b' and shipment_id = 'ZEICHEN'")" \
		6109620a63c29b33316de280ae6664702e657865
	for command in "queue list" "delivery show hostile ZEICHEN" "queue list --output json" "queue list --output csv"; do
		# shellcheck disable=SC2086
		expect "$command" 0 v $command
		LC_ALL=C grep -qP '\xc2\x9b|\xe2\x80\xae|[\x00-\x08\x0b-\x1f]' "$place/out" && bad "$command prints what an insurer's file name may do to a terminal" "$place/out" || good
	done
}

reason_of() { sql -v b="$broker" -v s="$1" <<<"select reason from document where broker = :'b' and shipment_id = :'s'"; }

test_wrong_password() {
	scene_begin locked
	hostile_connection locked locked
	hostile_connection well well
	expect "a refused password is told by the exit code" 77 v poll --once
	expect "the next round" 0 v poll --once
	same "one try, never a loop" "$(calls locked login)" 1
	same "the others go on" "$(state_of well GUT-2)" acknowledged
	expect "connection list" 0 v connection list --output csv
	says "the connection is paused and says why" '^locked,.*paused.*00961' "$place/out"
	expect "a person resumes it" 0 v connection resume locked --quiet
	v poll --once --quiet >/dev/null 2>&1
	same "after that one more try" "$(calls locked login)" 2
}

# One worker: who hangs must not keep those behind it waiting for ever.
test_silent_insurers() {
	scene_begin silent "$place/impatient"
	hostile_connection a-down well https://localhost:1
	hostile_connection b-hanging hanging
	hostile_connection dripping dripping
	hostile_connection calm calm
	expect "a round with silent insurers" 75 timeout -k 5 480 "$build/vorpost" --config "$conf" poll --once --workers 1 --output csv
	says "a closed port has a sentence" '^a-down,0,.*list|^a-down,0,.*login' "$place/out"
	says "a hanging service has a sentence" '^b-hanging,0,.*list' "$place/out"
	same "the slow shipment waits for its next turn" "$(state_of dripping TROPFT)" listed
	same "the one behind the slow one is here" "$(state_of dripping GUT-1)" acknowledged
	same "the next connection went on" "$(state_of calm GUT-2)" acknowledged
}

worker_peak_kb() { awk '/VmHWM/ { if ($2 > most) most = $2 } END { print most + 0 }' $(pgrep -P "$1" | sed 's|.*|/proc/&/status|') /dev/null; }

# The peak of the worker that reads a document of so many MiB, looked at while the last bytes are still to come.
peak_of() { # CONNECTION ID
	hostile_connection "$1" "$1"
	ASAN_OPTIONS=$ASAN_OPTIONS:quarantine_size_mb=1 "$build/vorpost" --config "$conf" poll --once --workers 1 --connection "$1" \
		>"$place/out" 2>&1 </dev/null &
	local pid=$!
	await 240 test -s "$hostile/$2.sha256" || bad "$2 does not come" "$place/out"
	peak=$(worker_peak_kb "$pid")
	touch "$hostile/$2.release"
	wait "$pid" || bad "the round with $2" "$place/out"
	same "$2 is stored, byte for byte" "$(sql -v b="$broker" -v s="$2" <<<"select sha256 from document where broker = :'b' and shipment_id = :'s'")" \
		"$(cat "$hostile/$2.sha256")"
	same "$2 is acknowledged" "$(state_of "$1" "$2")" acknowledged
}

test_large_document() {
	local small
	scene_begin large
	peak_of small KLEIN
	small=$peak
	peak_of large GROSS
	say "peak of the worker (with AddressSanitizer): $small kB for 1 MB, $peak kB for 60 MB"
	[ "$small" -gt 0 ] && [ $((peak - small)) -lt 16384 ] && good || bad "memory grows with the document: $small kB, then $peak kB"
}

verdict_of() { sql -v b="$broker" -v s="$1" <<<"select state || ' ' || tier || ' ' || coalesce(contract_id, '-') from document where broker = :'b' and shipment_id = :'s'"; }

test_assign_teaches() {
	local document contract
	scene_begin names
	v contracts import "$place/stock.gdv" --quiet
	hostile_connection names names
	expect "a number that nobody knows" 0 v poll --once --quiet
	same "it waits for a person" "$(reason_of NAME-1)" number_unknown
	document=$(sql -v b="$broker" <<<"select document_id from document where broker = :'b'")
	contract=$(sql -v b="$broker" <<<"select contract_id from contract where broker = :'b' and issuer = 'seeufer' and not cancelled order by contract_id limit 1")
	expect "queue show" 0 v queue show "$document"
	expect "queue assign" 0 v queue assign "$document" "$contract" --confirm "$meant" --by clerk
	same "a person filed it" "$(verdict_of NAME-1)" "filed person $contract"
	touch "$hostile/next"
	expect "the next document of that number, spelled otherwise" 0 v poll --once --quiet
	same "it is filed by the learnt name" "$(verdict_of NAME-2)" "filed alias $contract"
	expect "match explain" 0 v match explain "$(sql -v b="$broker" <<<"select document_id from document where broker = :'b' and shipment_id = 'NAME-2'")"
	expect "queue undo" 0 v queue undo "$document"
	says "undo takes back what followed" 'taken back too: 1' "$place/out"
	same "both wait again" "$(verdict_of NAME-1 | cut -d' ' -f1) $(verdict_of NAME-2 | cut -d' ' -f1)" "queued queued"
	# The second has the bytes of the first: nobody was told of it, and nobody is told that it leaves.
	same "both left the contract, one that was told of" "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and type = 'document.detached'")" 1
	expect "a contract that is not there" 66 v queue assign "$document" nobody
}
