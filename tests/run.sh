#!/bin/bash
# ./run test [NAME]: everything that CI runs. Closes with 'N passed, N failed'.
#   house      rules of the house: includes, foreign headers, crash points, format, static analysis
#   unit       the Check programs of all rooms and the corpora of the fuzzers, under AddressSanitizer and UBSan
#   insurers   every insurer file proves its own examples
#   e2e        the whole way through real parts: sandbox over TLS, PostgreSQL, webhook
#   hostile    what no insurer should send, each case with the one outcome that is right; wrapping variants of signed messages;
#              other people's messages, signatures and insurer (soap, xml-crypto, gSOAP); memory and time of the reading and the
#              inspecting process, of a reader that was taken over, too; and
#              what its cage forbids, with Landlock and without (release build)
#   logins     every way to log in, signed answers, secrets found nowhere
#   crash      kill -9 at every named crash point, then a second round; the n-th call made to fail; disk full, PostgreSQL killed,
#              connections cut, clock set, in two parts side by side (--long: 25 times each and 300 random kills, every n, 100 disks,
#              100 servers; --long --shard 3/40: the third of forty parts of all that)
#   events     events under fault: 0 lost, 0 out of order; cursors against many writers: 0 skipped (--long: 100,000 and 200,000)
#   review     the clerk's page: types, its pure parts, and every action in a real browser (pictures: build/screenshots); the
#              HTTP API against its OpenAPI document: every operation, every documented refusal, fuzzed requests
#   npm        conformance with other people's packages: standardwebhooks, cloudevents, ajv, @asyncapi/parser; the contract
#              of docs/events; the example consumer
# All parts: two at a time, for they mostly wait; what a part says is shown when it has ended. One part: as it goes.
set -u
cd "$(dirname "$0")/.."

parts="crash unit review e2e hostile npm events logins house insurers" # the longest first
at_once=2
only=${1:-}
[ $# -eq 0 ] || shift
passed=0
failed=0
failures=""

say() { printf '%s\n' "$*"; }

good() { passed=$((passed + 1)); }
bad() { failed=$((failed + 1)); failures="$failures\n  $1"; say "FAILED: $1"; }

# One check: its output is shown only if it fails.
check() { # NAME COMMAND...
	local name=$1 out
	shift
	if out=$("$@" 2>&1); then good; say "ok: $name"; else bad "$name"; printf '%s\n' "$out" | tail -60; fi
}

# A script that prints 'N passed, N failed' counts with its numbers; one that does not, or that fails without a failure, is a failure.
counted() { # NAME COMMAND...
	local name=$1 log line code=0
	shift
	log=$(mktemp)
	"$@" 2>&1 | tee "$log"
	code=${PIPESTATUS[0]}
	line=$(grep -oE '^[0-9]+ passed, [0-9]+ failed' "$log" | tail -1)
	rm -f "$log"
	if [ -z "$line" ]; then bad "$name (no count, exit $code)"; return; fi
	passed=$((passed + ${line%% *}))
	line=${line##*passed, }
	failed=$((failed + ${line%% *}))
	if [ "${line%% *}" -gt 0 ]; then failures="$failures\n  $name"
	elif [ "$code" -ne 0 ]; then bad "$name (exit $code)"; fi
}

build_dev() {
	local log
	log=$(mktemp)
	say "building (dev)"
	{ [ -e build/dev/build.ninja ] || cmake --preset dev; } >"$log" 2>&1 &&
		cmake --build build/dev --target all hostile -- --quiet >>"$log" 2>&1 || { tail -60 "$log"; rm -f "$log"; return 1; }
	rm -f "$log"
}

# By one part at a time.
build_release() { # TARGET...
	local log code=1
	log=$(mktemp)
	{
		flock 9 &&
			{ { [ -e build/release/build.ninja ] || cmake --preset release; } &&
				cmake --build build/release --target "$@" -- --quiet; } >"$log" 2>&1 9>&- && code=0
	} 9>build/release.lock
	[ $code -eq 0 ] || tail -60 "$log"
	rm -f "$log"
	return $code
}

# What package-lock.json of the folder names, unless it is there. No package runs a script of its own. By one part at a time.
packages() { # PART FOLDER
	local there=$2/node_modules/.package-lock.json code=1
	{
		flock 9 &&
			if [ ! -e "$there" ] || [ "$2/package-lock.json" -nt "$there" ]; then
				(cd "$2" && npm ci --prefer-offline --ignore-scripts --no-audit --no-fund --silent 9>&-)
			fi && code=0
	} 9>build/packages.lock
	[ $code -eq 0 ] || bad "$1: packages of $2 cannot be installed"
	return $code
}

# Tests whose subject it is not copy their private PostgreSQL from one that is made here (tests/store/cluster_make.c).
make_cluster() {
	local out
	made=$(mktemp -d /tmp/vorpost-made.XXXXXX) && chmod 711 "$made" || return 1
	out=$(build/dev/tests/cluster_make "$made/state" 2>&1) || { say "$out"; return 1; }
	export VORPOST_TEST_CLUSTER=$made/state/postgres
}

c_files() { git ls-files -co --exclude-standard -- '*.c' '*.h'; }

part_house() {
	check "house: rules" tests/house/rules.sh
	check "house: the rules notice a breach" tests/house/rules_test.sh
	check "house: each deviation of the field has its test" tests/house/deviations.sh
	check "house: a deviation without a test is noticed" tests/house/deviations_test.sh
	check "house: the safety list names what is there" tests/house/security.sh
	check "house: format" clang-format --dry-run -Werror $(c_files)
	check "house: shell scripts parse" bash -n run .ci/run $(git ls-files -co --exclude-standard -- '*.sh')
	check "house: cppcheck" cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,portability \
		--suppressions-list=tests/house/cppcheck.txt --include=tests/house/cppcheck_macros.h -DVORPOST_CRASH_POINTS -I . -j 2 $(c_files | grep '\.c$' | grep -v '^tests/')
}

# Every Check program says "NN%: Checks: N, Failures: N, Errors: N"; the sum counts.
part_unit() {
	local log=build/dev/unit.log sums
	# Patience with a slow machine, not a measure: Check gives a case 4 s, and some say more themselves.
	CK_DEFAULT_TIMEOUT=60 CK_TIMEOUT_MULTIPLIER=3 \
		ctest --test-dir build/dev -j 2 --output-on-failure --timeout 1200 --verbose >"$log" 2>&1
	grep -E '^ *[0-9]+/[0-9]+ Test|% tests passed' "$log"
	sums=$(sed -nE 's/.*[0-9]+%: Checks: ([0-9]+), Failures: ([0-9]+), Errors: ([0-9]+).*/\1 \2 \3/p' "$log" |
		awk '{ c += $1; f += $2 + $3 } END { print c - f, f + 0 }')
	passed=$((passed + ${sums% *}))
	failed=$((failed + ${sums#* }))
	[ "${sums#* }" -eq 0 ] || failures="$failures\n  unit tests"
	grep -E '[^ ]+_test\.c:[0-9]+:[FE]:' "$log"
	# A program that died, hung or ran nothing has no such line.
	grep -E '^ *[0-9]+/[0-9]+ Test.*(\*\*\*|Failed|Timeout)' "$log" | sed 's/.*: //; s/ \.\..*//' | while read -r t; do say "FAILED program: $t"; done
	if ! grep -q '^100% tests passed' "$log" && [ "${sums#* }" -eq 0 ]; then
		bad "unit: a test program ended without a count"
		tail -60 "$log"
	fi
}

part_insurers() {
	check "insurers: every file proves its examples" build/dev/vorpost insurers check insurers fixtures/insurers fixtures/logins/insurers fixtures/dialects/insurers
}

part_e2e() { counted "e2e" tests/e2e/e2e.sh; }
part_hostile() {
	counted "hostile: cases" build/dev/tests/hostile/hostile
	if build/dev/tests/ingest_trust_mutate_test; then good; else bad "hostile: wrapping variants"; fi
	packages hostile tests/bench/peers && counted "hostile: other people's messages and signatures" tests/hostile/writers.sh
	counted "hostile: an insurer in gSOAP" tests/hostile/peers.sh
	if ! build_release cage_of_release; then bad "hostile: the release build"; return; fi
	counted "hostile: memory and time" build/release/tests/hostile/hostile --measure
	counted "hostile: memory and time of a reader that was taken over" build/release/planted/hostile --runaways
	counted "hostile: the cage of the release" tests/hostile/cage.sh
}

part_logins() { counted "logins" tests/logins/logins.sh; }
# Memory is failed in the program as it is shipped. Who asks for single kills gets these.
part_crash() {
	local campaign= lanes=2
	case " $* " in *" --long "*) lanes=3 ;; esac # each waits a quarter of its time
	case " $* " in *" --point "*|*" --random "*) counted "crash: kills" tests/crash/crash.sh "$@"; return ;; esac
	build_release vorpost vorpost-reader vorpost-inspect vorpost-validate vorpost-sandbox || bad "crash: the release cannot be built"
	case " $* " in *" --shard "*) ;; *) campaign="tests/crash/beside.sh $lanes" ;; esac
	counted "crash: kills" $campaign tests/crash/crash.sh "$@"
	counted "crash: the n-th call" $campaign tests/crash/nth.sh "$@"
	counted "crash: outages" $campaign tests/crash/outage.sh "$@"
}
part_events() { counted "events" tests/events_fault/campaign.sh "$@"; }

part_npm() {
	packages npm tests/npm && packages npm fixtures/push-consumer || return
	counted "npm: conformance" tests/npm/conformance.sh build/dev
	counted "npm: contract" tests/npm/contract.sh
	counted "npm: live events" tests/npm/live.sh
	counted "npm: receivers" node tests/npm/receivers.mjs
	counted "npm: push consumer" node tests/npm/consumer.mjs
}

part_review() {
	packages review tests/npm || return
	counted "review: the API" tests/review/api.sh
	if ! review/web/make.sh; then bad "review: the page cannot be made"; return; fi
	check "review: types of the page" npm --prefix review/web run --silent check
	counted "review: pure parts" node review/web/test.mjs
	packages review tests/review/browser || return
	counted "review: browser" tests/review/browser/browser.sh
}

# ---- the parts ----

part_run() { # PART [OPTION...]
	local part=$1 start=$SECONDS
	shift
	say ""
	say "== $part"
	"part_$part" "$@"
	say "-- $part took $((SECONDS - start)) s"
}

# In a process of its own: what it counted is left beside what it said.
part_apart() { # PART
	passed=0 failed=0 failures=""
	part_run "$1"
	printf '%s %s %s\n' "$passed" "$failed" "$failures" >"$made/$1.count"
}

part_ended() { # PART
	local p f names
	cat "$made/$1.log"
	if ! read -r p f names 2>/dev/null <"$made/$1.count"; then bad "$1: the part ended without a count"; return; fi
	passed=$((passed + p)) failed=$((failed + f)) failures=$failures$names
}

declare -A part_of=() # process -> part
await_one() {
	local ended
	wait -n -p ended "${!part_of[@]}"
	part_ended "${part_of[$ended]}"
	unset "part_of[$ended]"
}
leave() {
	local group
	for group in "${!part_of[@]}"; do kill -- "-$group" 2>/dev/null; done
	wait
	[ -z "$made" ] || rm -rf "$made"
}

all_parts() {
	local part
	set -m # each part a group of processes, to be ended as one
	for part in $parts; do
		[ ${#part_of[@]} -lt $at_once ] || await_one
		part_apart "$part" >"$made/$part.log" 2>&1 </dev/null &
		part_of[$!]=$part
	done
	while [ ${#part_of[@]} -gt 0 ]; do await_one; done
}

case " $parts " in *" ${only:-house} "*) ;; *) say "there is no part '$only'; parts: $parts"; exit 64 ;; esac
made=""
trap leave EXIT
trap 'exit 130' INT TERM
[ "$only" = house ] || { build_dev && make_cluster; } || { say "the build failed"; say "0 passed, 1 failed"; exit 1; }
if [ -n "$only" ]; then part_run "$only" "$@"; else all_parts; fi
say ""
[ "$failed" -eq 0 ] || printf 'failed:%b\n' "$failures"
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
