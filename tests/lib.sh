# lib.sh -- what the tests with real parts share: a place of their own, counting, the parts, waiting. Sourced, not run.
#
# The dev build is taken from VORPOST_BUILD (default: build/dev). Everything lies below $place, which a system user can pass
# through. What was started is ended by its process id; whatever happens, nothing stays behind.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
build=$(cd "${VORPOST_BUILD:-$root/build/dev}" 2>/dev/null && pwd) || { echo "there is no dev build; ./run test makes it"; echo "0 passed, 1 failed"; exit 1; }
insurers_of_sandbox="kranich lindenhof muehlrad seeufer"
meant=several_customers,other_holder,other_insurer,strict_line # --confirm: whatever speaks against it
passed=0
failed=0
started=()

say() { printf '%s\n' "$*"; }
good() { passed=$((passed + 1)); }
bad() { # WHAT [FILE...]: the files are shown
	failed=$((failed + 1))
	printf 'FAILED: %s\n' "$1"
	shift
	for file in "$@"; do [ -s "$file" ] && sed 's/^/    | /' "$file" | tail -25; done
	return 0
}

# expect WHAT CODE COMMAND...: the command's output is in $place/out and $place/err.
expect() {
	local what=$1 code=$2 got
	shift 2
	"$@" >"$place/out" 2>"$place/err" </dev/null
	got=$?
	if [ "$got" -eq "$code" ]; then good; return 0; fi
	bad "$what: exit $got, expected $code" "$place/err" "$place/out"
	return 1
}
says() { # WHAT PATTERN FILE
	if grep -qE -- "$2" "$3"; then good; return 0; fi
	bad "$1: nothing like /$2/ in" "$3"
	return 1
}
says_not() { # WHAT PATTERN FILE
	if ! grep -qE -- "$2" "$3"; then good; return 0; fi
	bad "$1: /$2/ must not be in" "$3"
	return 1
}
same() { # WHAT GOT EXPECTED
	if [ "$2" = "$3" ]; then good; return 0; fi
	bad "$1: got '$2', expected '$3'"
	return 1
}

# ---- place and processes ----

place_make() { # NAME
	place=$(mktemp -d "${TMPDIR:-/tmp}/vorpost-$1.XXXXXX") && chmod 755 "$place" || exit 1
	mkdir -m 700 "$place/secrets"
	mkdir -m 1777 "$place/sanitizer"
	export ASAN_OPTIONS="${ASAN_OPTIONS:+$ASAN_OPTIONS:}log_path=$place/sanitizer/report"
	export UBSAN_OPTIONS="print_stacktrace=1:log_path=$place/sanitizer/report"
	unset NOTIFY_SOCKET VORPOST_CRASH_FILE
	trap place_leave EXIT
	trap 'exit 130' INT TERM
}

start() { # OUTPUT COMMAND...: in the background, its id in $last
	local output=$1
	shift
	"$@" >"$output" 2>&1 </dev/null &
	last=$!
	started+=("$last")
}

stop() { # ID...
	for pid in "$@"; do
		kill "$pid" 2>/dev/null
		wait "$pid" 2>/dev/null
	done
	return 0
}

place_leave() {
	stop "${started[@]}"
	clusters_stop
	rm -rf "$place"
}

# The private clusters below $place, if somebody died and nobody stopped them.
clusters_stop() {
	local file pid
	for file in "$place"/*/postgres/postmaster.pid "$place"/*/*/postgres/postmaster.pid; do
		[ -e "$file" ] || continue
		pid=$(head -1 "$file")
		case $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null) in
		*"${file%/postmaster.pid}"*) kill -INT "$pid" 2>/dev/null ;;
		*) continue ;;
		esac
		for _ in $(seq 100); do kill -0 "$pid" 2>/dev/null || break; sleep 0.05; done
	done
}

# Until the command succeeds. The seconds are patience with a slow machine, not a measure.
await() { # SECONDS COMMAND...
	local until=$((SECONDS + $1))
	shift
	until "$@"; do
		[ "$SECONDS" -ge "$until" ] && return 1
		sleep 0.02
	done
}
has_line() { grep -qE -- "$2" "$1" 2>/dev/null; }                                     # FILE PATTERN
has_lines() { [ "$(grep -cE -- "$2" "$1" 2>/dev/null || true)" -ge "$3" ] 2>/dev/null; } # FILE PATTERN COUNT
gone() { ! kill -0 "$1" 2>/dev/null; }

# ---- parts ----

# Only the sandbox's insurers, so that a command starts quickly; FOLDER has more. No digest, at whatever hour it runs.
config() { # FILE BROKER STATE [FOLDER]
	printf 'broker: %s\nstate: %s\nworkers: 2\nlog: info\ndigest_hour: 24\ninsurers: [ %s ]\n' "$2" "$3" "$root/fixtures/insurers${4:+, $4}" >"$1"
}

v() { "$build/vorpost" --config "$conf" "$@"; }

# Keep the private cluster from being stopped by every command that leaves.
cluster_keep() { # STATE
	flock --shared --no-fork "$1/cluster.users" sleep 100000 9>&- &
	started+=("$!")
	keeper=$!
}

# A cluster that is not the subject is a copy of the one that tests/run.sh made (tests/store/cluster_make.c), if it made one.
cluster_lay() { # STATE
	if [ -z "${VORPOST_TEST_CLUSTER:-}" ] || [ -e "$1/postgres" ]; then return 0; fi
	mkdir -p -m 711 "$1" && cp -a --reflink=auto "$VORPOST_TEST_CLUSTER" "$1/postgres"
}

conninfo() { printf 'host=%s user=vorpost dbname=vorpost' "$(sed -n 5p "$1/postgres/postmaster.pid")"; } # STATE
sql() { psql -qAtX -v ON_ERROR_STOP=1 "$(conninfo "$state")" "$@"; }

sandbox_start() { # FOLDER LOG [OPTION...]: sets sandbox (its id) and base (its address)
	local folder=$1 log=$2
	shift 2
	rm -f "$folder/port"
	start "$folder/sandbox.out" "$build/vorpost-sandbox" --state "$folder" --log "$log" --port-file "$folder/port" "$@"
	sandbox=$last
	await 240 test -s "$folder/port" || { bad "the sandbox does not start" "$folder/sandbox.out"; return 1; }
	base="https://localhost:$(cat "$folder/port")"
}

secret_make() { (umask 077; printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64)" >"$1"); }

receiver_start() { # LOG SECRET [OPTION...]: sets receiver (its id) and receiver_url
	local log=$1 secret=$2
	shift 2
	rm -f "$place/receiver.out" # an earlier receiver's address must not be taken for this one's
	start "$place/receiver.out" "$build/vorpost-webhook" --log "$log" --secret-file "$secret" "$@"
	receiver=$last
	await 240 has_line "$place/receiver.out" listening || { bad "the receiver does not start" "$place/receiver.out"; return 1; }
	receiver_url=$(sed -n 's/^listening on //p' "$place/receiver.out")events
}

user_of() { sed -nE 's/^ *- *\{ *name: *([^,]+), *password: *"?([^"}]*[^" }])"? *\}.*/\1/p' "$root/fixtures/sandbox/$1.yaml" | head -1; }
password_of() { sed -nE 's/^ *- *\{ *name: *([^,]+), *password: *"?([^"}]*[^" }])"? *\}.*/\2/p' "$root/fixtures/sandbox/$1.yaml" | head -1; }

connection_add() { # NAME INSURER BASE CA: the sandbox's credential
	(umask 077; password_of "$2" >"$place/secrets/$1")
	set -- "$1" --insurer "$2" --sts "$3/$2/sts" --transfer "$3/$2/transfer" --user "$(user_of "$2")" \
		--password-file "$place/secrets/$1" --ca "$4"
	if grep -q 'consumer_id_required: *true' "$root/fixtures/sandbox/$insurer.yaml"; then set -- "$@" --consumer-id 012_34567; fi
	v connection add "$@" --quiet
}

# Contracts and shipments about them. Same numbers, same bytes.
stock_make() { # FILE.gdv COUNT SEED
	"$build/vorpost-generate" --stock "$1" --count "$2" --seed "$3" >/dev/null
}
shipments_make() { # FOLDER STOCK COUNT SEED
	v contracts import --print "$2" >"$1.csv" 2>"$1.err" &&
		"$build/vorpost-generate" --contracts "$1.csv" --seed "$4" --shipments "$3" --out "$1" >"$1.generated"
}

# The independent judge; its output is in $place/verdict.
judge() { # NAME BROKER SANDBOX LOG [OPTION...]
	local name=$1 broker=$2 folder=$3 log=$4
	shift 4
	if node "$root/tests/crash/check.mjs" --db "$(conninfo "$state")" --documents "$state/documents" --broker "$broker" \
		--sandbox "$folder" --log "$log" "$@" >"$place/verdict" 2>&1; then good; return 0; fi
	bad "$name" "$place/verdict"
	return 1
}

# At the end of a process LeakSanitizer stops its threads; in one that is killed just then it cannot, says so, and nothing follows of it.
sanitizer_reports() {
	grep -lvE '^==[0-9]+==Unable to get registers from thread [0-9]+\.$' "$place"/sanitizer/* 2>/dev/null
}

close_count() {
	local report
	for report in $(sanitizer_reports); do bad "a sanitizer complains" "$report"; done
	say "$passed passed, $failed failed"
	[ "$failed" -eq 0 ]
	exit
}
