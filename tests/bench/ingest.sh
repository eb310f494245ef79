# ingest.sh -- the wire against its limits: signatures against xmlsec1, splitting against memmem, large documents over HTTP against
# SHA-256, the cage against none, and what one bad connection of 200 does to the others. Sourced by bench.sh.

boundary=uuid:2c1f0a52-93d5-4c1e-8a76-5d0c3d9b7e11 # of answers.py

# "COUNT SECONDS PROCESSOR-SECONDS" of a command as two rates, into the figures.
rated() { # PART SIDE SCALE COMMAND...
	local part=$1 side=$2 scale=$3 count took worked
	shift 3
	read -r count took worked < <("$@" 2>>"$place/ingest.log") || die "$part $side: $(tail -1 "$place/ingest.log")"
	figure "$part" "$side" "$(awk -v n="$count" -v s="$took" -v by="$scale" 'BEGIN { printf "%.4f", n / s / by }')"
	figure "$part-worked" "$side" "$(awk -v n="$count" -v s="$worked" -v by="$scale" 'BEGIN { printf "%.4f", (s > 0 ? n / s / by : 0) }')"
}

# The goal goes by the clock; beside it the same by the time that a processor worked, which other work on it moves less.
both() { # NAME PART OURS THEIRS WANTED
	goal "$@"
	goal "$1, by processor time" "$2-worked" "$3" "$4" ""
}

ingest_signatures() {
	local round
	mkdir -p "$place/signed"
	"$bin/tests/bench/bench_trust" make "$place/signed" 4096
	for round in $(seq "$rounds"); do
		rated signature vorpost 1 "$bin/tests/bench/bench_trust" ours "$place/signed" "$seconds"
		rated signature xmlsec1 1 "$bin/tests/bench/bench_trust" bare "$place/signed" "$seconds"
		rated signature xml-crypto 1 node "$here/peers/verify.js" "$place/signed" "$seconds"
	done
	medians signature "messages/s"
	both "verify, all checks / a bare loop of xmlsec1" signature vorpost xmlsec1 0.9
	both "verify, all checks / node xml-crypto" signature vorpost xml-crypto 25
}

ingest_splitting() {
	local round mode
	for round in $(seq "$rounds"); do
		for mode in split pieces memmem gmime; do
			rated splitting $mode 1e9 "$bin/tests/bench/bench_bytes" $mode "$place/answers/mtom/5m/0.mtom" "$boundary" "$seconds"
		done
	done
	medians splitting "GB/s"
	both "split 5 MB / memmem of the boundary over the same bytes" splitting split memmem 0.8
	both "split 5 MB in pieces of 16 kB / memmem" splitting pieces memmem ""
	both "split 5 MB / GMime" splitting split gmime 5
}

# Document bytes, of the answers that were read.
read_bytes() { # FORM
	local read took wrong worked
	read -r read took wrong worked < <("$bin/tests/bench/bench_read" "${@:2}" "$plain_base" "$ca" "$seconds" "$place/answers/$1-5m.list" "$place/spool")
	[ "$wrong" = 0 ] || die "$1: documents came out wrong"
	echo $((read * 5242880)) "$took" "$worked"
}

ingest_large() {
	local round form
	for round in $(seq "$rounds"); do
		rated large sha256 1e9 "$bin/tests/bench/bench_bytes" sha256 "$place/answers/mtom/5m/0.mtom" "$boundary" "$seconds"
		for form in mtom inline; do
			rated large $form 1e9 read_bytes $form
			rated large $form-caged 1e9 read_bytes $form --cage
			rated large $form-unspooled 1e9 read_bytes $form --no-spool
		done
	done
	medians large "GB/s"
	both "5 MB MTOM over HTTP / SHA-256 of one core" large mtom sha256 0.75
	both "5 MB inline over HTTP / SHA-256 of one core" large inline sha256 0.65
	goal "5 MB MTOM over HTTP, in the cage / SHA-256" large mtom-caged sha256 ""
	goal "5 MB inline over HTTP, in the cage / SHA-256" large inline-caged sha256 ""
	both "5 MB MTOM over HTTP, no spool / SHA-256" large mtom-unspooled sha256 ""
	both "5 MB inline over HTTP, no spool / SHA-256" large inline-unspooled sha256 ""
}

shipments_large=${BENCH_SHIPMENTS_LARGE:-40} # of 5 MB, of each insurer in each round

ingest_cage() { # WHAT
	local round
	way_begin
	sed -i '/^way /d' "$place/figures"
	for round in $(seq "$rounds"); do
		round_vorpost
		round_uncaged
	done
	way_end
	medians way "shipments/s"
	goal "$1 in the cage / without it" way vorpost uncaged 0.9
	sed -i '/^way /d' "$place/figures"
}

# Long documents cost the cage a copy of each byte and not a start of each process, so they are a goal of their own.
ingest_cage_large() {
	local shipments=$shipments_large document_bytes=5242880
	ingest_cage "whole way of 5 MB documents"
}

# ---- one of 200 ----

others=${BENCH_OTHERS:-199}
others_documents=5

others_begin() {
	local i
	cluster_start
	mkdir -p "$place/others"
	: >"$place/others/calls" >"$place/others/misdeeds"
	[ -e "$place/tls/server.pem" ] || certificate_make
	cp "$place/tls/server.pem" "$place/tls/server.key" "$place/others"
	node "$root/tests/e2e/hostile.mjs" "$place/others" >"$place/others.log" 2>&1 &
	others_server=$!
	children+=($others_server)
	node "$root/tests/e2e/hostile.mjs" "$place/others" bad.port >"$place/bad.log" 2>&1 & # its misdeeds take nobody else's time
	bad_server=$!
	children+=($bad_server)
	wait_until "the insurers do not start" test -s "$place/others/port" -a -s "$place/others/bad.port"
	conf=$place/others.yaml
	printf 'broker: others\nstate: %s\ndatabase: "host=%s user=vorpost dbname=vorpost"\ninsurers: [ %s ]\nworkers: 8\nlog: warn\n' \
		"$place/others/state" "$place/socket" "$root/fixtures/insurers" >"$conf"
	v init --broker others >/dev/null
	(umask 077; echo geheim >"$place/password")
	for i in $(seq "$others"); do others_connection "c$i" "https://localhost:$(cat "$place/others/port")/each-$others_documents-$i"; done
}

others_connection() { # NAME URL
	sql -c "insert into connection (broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file)
		values ('others', '$1', 'seeufer', '$2/sts', '$2/transfer', 'makler', '$place/password', '$place/others/server.pem')"
}

others_done() { [ "$(sql -c "select count(*) from shipment where broker = 'others' and connection like 'c%' and state = 'acknowledged'")" -eq $((others * others_documents)) ]; }

# Transfer calls that the one had so far; the others have shelves of their own.
others_calls() { # SHELF: none is a figure, a log that cannot be read is a failure
	awk -v shelf="\"shelf\":\"$1\"" 'index($0, shelf) && /"operation":"(list|get)Shipments?"/ { n++ } END { print n + 0 }' "$place/others/calls"
}

# How long the one was bad while the others worked, in s, and how many bytes it sent: the peer's own log, of calls that have ended.
others_misdeed() { # KIND FIRST LAST
	awk -v kind="$1" -v from="$2" -v to="$3" '
		function first(a, b) { return a < b ? a : b }
		function last(a, b) { return a < b ? b : a }
		$1 == kind && $3 / 1000 > from && $2 / 1000 < to { s += first($3 / 1000, to) - last($2 / 1000, from); bytes += $4 }
		END { printf "%.3f %d\n", s, bytes }' "$place/others/misdeeds"
}

# A round counts only if the one was called, and was bad for half of the time from the others' first document to their last, or for ten
# seconds (the product gives up some day): hung, dripped a byte or more each half second, or sent a MiB at least. A peer that was never
# asked costs nobody anything.
others_judge() { # KIND FIRST LAST CALLS_BEFORE
	local bad_s bytes all_s
	[ "$(others_calls "$1")" -gt "$4" ] || die "others: the $1 one was never called: the round does not count"
	[ "$1" != calm ] || return 0
	wait_until "others: no $1 call went on while the others worked: the round does not count" others_told "$1" "$2"
	read -r bad_s bytes < <(others_misdeed "$1" "$2" "$3")
	all_s=$(awk -v a="$2" -v b="$3" 'BEGIN { printf "%.3f", b - a }')
	awk -v kind="$1" -v s="$bad_s" -v bytes="$bytes" -v all="$all_s" '
		BEGIN { exit !((s >= all / 2 || s >= 10) && (kind != "dripping" || bytes >= 2 * s) && (kind != "flooding" || bytes >= 1048576)) }' ||
		die "others: the $1 one was bad for $bad_s s of $all_s with $bytes bytes: the round does not count"
	say "    round of $1: bad for $bad_s s of $all_s, $bytes bytes"
}
others_told() { [ "$(others_misdeed "$1" "$2" 9999999999 | cut -d' ' -f1)" != 0.000 ]; } # KIND FIRST
others_first() { sql -c "select extract(epoch from min(received_at)) from document where connection like 'c%'"; }

# One round of all; the rate of the others until the last of them is done.
others_round() { # calm|hanging|dripping|flooding
	local began ended poll calls
	sql -c "truncate shipment, document, document_first, decision, event cascade" -c "delete from connection where connection = 'one'" \
		-c "update connection set due_at = now(), lease_owner = null, lease_until = null, last_attempt_at = null" -c checkpoint
	rm -rf "$place/others/state/documents"
	others_connection one "https://localhost:$(cat "$place/others/bad.port")/$1"
	sql -c "update connection set due_at = now() - interval '1 hour' where connection = 'one'" # it comes first
	calls=$(others_calls "$1")
	began=$(now)
	"$bin/vorpost" --config "$conf" poll --once --no-events --quiet >"$place/others.out" 2>&1 &
	poll=$!
	until others_done; do
		kill -0 $poll 2>/dev/null || others_done || die "others: $(cat "$place/others.out")"
		sleep 0.05
	done
	ended=$(now)
	kill $poll 2>/dev/null || true
	kill -9 $(pgrep -P $poll) 2>/dev/null || true # who hangs would hang on
	wait $poll 2>/dev/null || true
	others_judge "$1" "$(others_first)" "$ended" "$calls"
	figure others "$1" "$(rate "$began" "$ended" $((others * others_documents)))"
}

ingest_others() {
	local round kind
	others_begin
	others_round calm
	sed -i '/^others /d' "$place/figures"
	for round in $(seq "$rounds"); do
		for kind in calm hanging dripping flooding; do others_round $kind; done
	done
	child_stop $others_server
	child_stop $bad_server
	cluster_stop
	rm -rf "$cluster" "$place/socket"
	cluster=
	medians others "shipments/s"
	for kind in hanging dripping flooding; do goal "$others others beside one $kind / beside a good one" others $kind calm 0.95; done
}

part_ingest() {
	answers_serve
	[ -d "$here/peers/node_modules/xml-crypto" ] || (cd "$here/peers" && npm ci --ignore-scripts --no-audit --no-fund --silent)
	say "  signatures: 4 kB Body, RSA-2048, exclusive canonicalisation"
	ingest_signatures
	say "  splitting: a multipart answer of 5 MB in memory"
	ingest_splitting
	say "  large documents: 5 MB each over HTTP, spooled, read, hashed"
	ingest_large
	say "  the cage: $workers workers, $((workers * shipments)) shipments of 50 kB MTOM a round"
	ingest_cage "whole way"
	say "  the cage: $workers workers, $((workers * shipments_large)) shipments of 5 MB MTOM a round"
	ingest_cage_large
	say "  one of $((others + 1)) connections hangs, drips or floods; 8 workers"
	ingest_others
}
