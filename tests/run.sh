#!/bin/bash
# ./run test [NAME]: everything that CI runs. Closes with 'N passed, N failed'.
#   house      rules of the house: includes, foreign headers, crash points, format, static analysis
#   unit       the Check programs of all rooms, under AddressSanitizer and UBSan
#   insurers   every insurer file proves its own examples
#   e2e        the whole way through real parts: sandbox over TLS, PostgreSQL, webhook
#   crash      kill -9 at every named crash point, then a second round
#   events     events under fault: 0 lost, 0 out of order; cursors against many writers: 0 skipped (--long: 100,000 and 200,000)
#   npm        conformance with other people's packages: standardwebhooks, cloudevents, ajv, @asyncapi/parser; the contract
#              of docs/events; the example consumer
set -u
cd "$(dirname "$0")/.."

parts="house unit insurers e2e crash events npm"
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
		cmake --build build/dev -- --quiet >>"$log" 2>&1 || { tail -60 "$log"; rm -f "$log"; return 1; }
	rm -f "$log"
}

c_files() { git ls-files -co --exclude-standard -- '*.c' '*.h'; }

part_house() {
	check "house: rules" tests/house/rules.sh
	check "house: the rules notice a breach" tests/house/rules_test.sh
	check "house: format" clang-format --dry-run -Werror $(c_files)
	check "house: shell scripts parse" bash -n run .ci/run $(git ls-files -co --exclude-standard -- '*.sh')
	check "house: cppcheck" cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 --enable=warning,portability \
		--suppressions-list=tests/house/cppcheck.txt --include=tests/house/cppcheck_macros.h -DVORPOST_CRASH_POINTS -I . -j 2 $(c_files | grep '\.c$' | grep -v '^tests/')
}

# Every Check program says "NN%: Checks: N, Failures: N, Errors: N"; the sum counts.
part_unit() {
	local log=build/dev/unit.log sums
	ctest --test-dir build/dev -j 2 --output-on-failure --timeout 600 --verbose >"$log" 2>&1
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
	check "insurers: every file proves its examples" build/dev/vorpost insurers check insurers fixtures/insurers
}

part_e2e() { counted "e2e" tests/e2e/e2e.sh; }
part_crash() { counted "crash" tests/crash/crash.sh "$@"; }
part_events() { counted "events" tests/events_fault/campaign.sh "$@"; }

part_npm() {
	local folder
	for folder in tests/npm fixtures/push-consumer; do # no package runs a script of its own here
		if ! (cd $folder && npm ci --ignore-scripts --no-audit --no-fund --silent); then bad "npm: packages of $folder cannot be installed"; return; fi
	done
	counted "npm: conformance" tests/npm/conformance.sh build/dev
	counted "npm: contract" tests/npm/contract.sh
	counted "npm: live events" tests/npm/live.sh
	counted "npm: receivers" node tests/npm/receivers.mjs
	counted "npm: push consumer" node tests/npm/consumer.mjs
}

case " $parts " in *" ${only:-house} "*) ;; *) say "there is no part '$only'; parts: $parts"; exit 64 ;; esac
[ "$only" = house ] || build_dev || { say "the build failed"; say "0 passed, 1 failed"; exit 1; }
for part in ${only:-$parts}; do
	say ""
	say "== $part"
	start=$SECONDS
	"part_$part" "$@"
	say "-- $part took $((SECONDS - start)) s"
done
say ""
[ "$failed" -eq 0 ] || printf 'failed:%b\n' "$failures"
say "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
