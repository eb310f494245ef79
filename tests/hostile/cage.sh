#!/bin/bash
# The cage as it is installed: release build, whose list of system calls is shorter than the sanitizers'. Every kind of document
# goes through it from a sandbox; a reader that tries what is forbidden is ended, and the delivery is in quarantine, with Landlock and
# as on a kernel without it; and people are told.
# usage: cage.sh      Closes with 'N passed, N failed'; `cmake --build build/release --target cage_of_release` makes the parts.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export VORPOST_BUILD=$here/../../build/release
source "$here/../lib.sh"
source "$here/../e2e/hostile.sh"

forbidden="SOCKET CREATE EXECUTE FORK"
quarantine_of() { sql -v b="$broker" <<<"select string_agg(shipment_id, ' ' order by shipment_id) from shipment where broker = :'b' and state = 'quarantined'"; }

# ---- the programs alone ----

whole() { # WHAT COMMAND...: a Check program that passes and that ran something
	local what=$1
	shift
	expect "$what" 0 nice "$@" && says "$what: all of it" '100%: Checks: [1-9][0-9]*, Failures: 0, Errors: 0' "$place/out"
}

test_programs() {
	whole "answers of every form" "$build/tests/ingest_reading_test"
	whole "the same without Landlock" "$without" "$build/tests/ingest_reading_test"
	says "it was not there" 'this kernel has no Landlock' "$place/out"
	whole "what stands in documents" "$build/tests/ingest_inspect_test"
	whole "answers held against schemas" "$build/tests/ingest_schema_test"
	whole "the same without Landlock" "$without" "$build/tests/ingest_schema_test"
	whole "the sets of schemas" "$build/tests/ingest_schema_set_test"
	whole "the same without Landlock" "$without" "$build/tests/ingest_schema_set_test"
	whole "a reader that was taken over" "$build/planted/planted-test"
}

# ---- every kind of document, from a sandbox ----

kinds="kranich lindenhof muehlrad seeufer" # inline, in lines, MTOM; and signed: eichberg (MTOM), windau (inline)

signed_add() { # NAME OPTION...
	local of=$folder/$1/signer
	v connection add "$1" --insurer "$1" --transfer "$base/$1/transfer" --ca "$folder/tls/ca.pem" --trust "$of/ca.pem" \
		--crl "$of/crl.pem" --signer "sign.$1.example" --signature required --quiet "${@:2}"
}

test_kinds() {
	local insurer count
	build=$place/installed
	scene_begin kinds
	folder=$place/sandbox
	mkdir "$folder"
	v contracts import "$place/stock.gdv" --quiet >/dev/null 2>&1
	v contracts import --print "$place/stock.gdv" >"$folder.csv" 2>/dev/null
	"$build/vorpost-generate" --insurers "$place/descriptions" --contracts "$folder.csv" --seed 3 --shipments 60 --out "$folder" >/dev/null
	sandbox_start "$folder" "$folder.log" --insurers "$place/descriptions" --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	for insurer in $kinds; do connection_add "$insurer" "$insurer" "$base" "$folder/tls/ca.pem" || bad "connection $insurer"; done
	signed_add eichberg --sts "$base/eichberg/sts" --key "$folder/eichberg/client/key.pem" --certificate "$folder/eichberg/client/certificate.pem" || bad "connection eichberg"
	signed_add windau --token-file "$folder/windau/client/token" || bad "connection windau"
	expect "a round" 0 v poll --once --quiet
	for insurer in $kinds eichberg windau; do
		count=$(wc -l <"$folder/$insurer/shipments.jsonl")
		[ "$count" -ge 2 ] && good || bad "$insurer has only $count shipments"
		same "all of $insurer" "$(sort -u "$folder/$insurer/acknowledged" | wc -l)" "$count"
	done
	same "none in quarantine" "$(quarantine_of)" ""
	says "PDF and ZIP were among them" 'application/pdf.*application/zip' \
		<(sql -v b="$broker" <<<"select string_agg(distinct media_type, ' ' order by media_type) from document where broker = :'b'")
	stop "$sandbox"
}

# ---- what is forbidden ----

# A round through a reader that was taken over by four of six answers.
taken_over() { # BROKER SHELF
	local id
	scene_begin "$1"
	v contracts import "$place/stock.gdv" --quiet >/dev/null 2>&1
	hostile_connection "$1" "$2"
	expect "$1: a round" 0 v poll --once --quiet
	same "$1: what was tried is in quarantine" "$(quarantine_of)" "CREATE EXECUTE FORK SOCKET"
	for id in $forbidden; do
		same "$1: $id is not acknowledged" "$(calls "$2" acknowledgeShipment "$id")" 0
		expect "$1: $id is shown" 0 v delivery show "$1" "$id"
		says "$1: $id has its sentence" "shipment $id: .*the reader tried what is forbidden to it" "$place/out"
		cmp -s "$(sed -n 's/^raw answer *//p' "$place/out")" "$hostile/sent/$id" && good || bad "$1: the bytes of $id are kept" "$place/out"
		expect "$1: read by hand, $id" 65 v delivery read "$hostile/sent/$id" --content-type "text/xml; x-plant=${id,,}"
		says "$1: $id has its word" '\[reader-forbidden\]' "$place/err"
	done
	same "$1: the others came" "$(state_of "$1" GUT-1)/$(state_of "$1" GUT-2)" acknowledged/acknowledged
	[ ! -e /tmp/vorpost-planted ] && good || bad "$1: a reader made a file"
}

test_forbidden() {
	build=$place/planted
	taken_over taken planted
	build=$place/planted-bare
	taken_over taken-bare planted-bare
}

# ---- what people are told ----

cage_row() { v doctor 2>&1 | grep -E '(^|[^a-z])cage '; } # problems of other rows are not ours
start_said() { # FILE: the log of a start
	start "$1" "$build/vorpost" --config "$conf" serve
	await 240 has_line "$1" 'vorpost serves' && await 240 has_line "$1" "$2"
	stop "$last"
}

test_told() {
	local without_words='seccomp; this kernel has no Landlock, or it is switched off' warned='no Landlock in this kernel: seccomp and limits alone hold the reader'
	scene_begin told
	build=$place/bare
	same "doctor without Landlock" "$(cage_row | grep -c "$without_words")" 1
	start_said "$place/start.bare" "$warned"
	says "the start without Landlock" "$warned" "$place/start.bare"
	build=$place/installed
	if [ "$(cage_row | grep -c "$without_words")" = 1 ]; then
		say "left out: this kernel itself has no Landlock"
		return
	fi
	same "doctor with Landlock" "$(cage_row | grep -cE 'seccomp and Landlock [0-9]')" 1
	start_said "$place/start" 'vorpost serves'
	says_not "the start with Landlock" "$warned" "$place/start"
}

# ---- ----

installed() { # NAME READER [LAUNCHER]: a folder like the one where it is installed; LAUNCHER starts everything in it
	local real=$place/$1${3:+.real}
	mkdir -p "$real" "$place/$1"
	cp "$build/vorpost" "$build/vorpost-inspect" "$build/vorpost-generate" "$build/vorpost-sandbox" "$2" "$real"
	[ -z "${3:-}" ] && return
	printf '#!/bin/sh\nexec %s %s "$@"\n' "$3" "$real/vorpost" >"$place/$1/vorpost"
	cp "$build/vorpost-generate" "$build/vorpost-sandbox" "$place/$1"
	chmod 755 "$place/$1/vorpost"
}

scene_begin() { # NAME
	broker=$1
	conf=$place/$1.yaml
	config "$conf" "$broker" "$state" "$root/fixtures/logins/insurers"
}

for tool in node openssl psql; do
	command -v "$tool" >/dev/null || { say "$tool is missing"; say "0 passed, 1 failed"; exit 1; }
done
place_make cage
state=$place/state
without=$build/tests/hostile/without_landlock
installed installed "$build/vorpost-reader"
installed planted "$build/planted/vorpost-reader"
installed bare "$build/vorpost-reader" "$without"
installed planted-bare "$build/planted/vorpost-reader" "$without"
scene_begin first
cluster_lay "$state"
v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; close_count; }
cluster_keep "$state"
v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; close_count; }
mkdir "$place/descriptions"
cp "$root"/fixtures/sandbox/*.yaml "$root"/fixtures/logins/sandbox/{eichberg,windau}.yaml "$place/descriptions"
"$build/vorpost-generate" --insurers "$place/descriptions" --stock "$place/stock.gdv" --count 120 --seed 4711 >/dev/null
hostile_start || close_count
: >"$hostile/calls"

release=$build
for name in ${*:-programs kinds forbidden told}; do
	build=$release
	began=$SECONDS failed_before=$failed
	"test_$name"
	[ "$failed" -eq "$failed_before" ] && say "ok: $name ($((SECONDS - began)) s)" || say "not ok: $name"
done
close_count
