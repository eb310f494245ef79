# scene.sh -- what the campaigns of this folder share: one private cluster, a shelf, and for each run a broker, a sandbox and an
# empty document store of its own. Sourced behind lib.sh; the caller sets `seed`.
#
# A long campaign is thousands of runs: what is not under test (the sandbox, the way to a scene) comes from the release build
# if there is one, the judge is one process, and a run has no more insurers than it asks for.

runs=0
healer=$build # whose rounds do the rest after a fault: in a long campaign the release, with sanitizers it takes twice as long
judge_also=() # what the judge is told besides
shipments_of_shelf=${shipments_of_shelf:-32}
insurers_of_run=$insurers_of_sandbox
office=seeufer # the insurer who loses, repeats and lists twice; nobody if empty
declare -A office_did=([lost]=0 [answers]=0 [lists]=0 [twins]=0)
shard=0 shards=1 # of the long form: this one of so many
plain=$(cd "${VORPOST_PLAIN:-$root/build/release}" 2>/dev/null && pwd) || plain=
[ -n "$plain" ] && [ -x "$plain/vorpost" ] && [ -x "$plain/vorpost-sandbox" ] || plain=$build

# --shard I/N: every N-th piece of the work, beginning with the I-th.
shard_set() { # I/N
	shard=$((${1%/*} - 1)) shards=${1#*/}
	shard_named=", part $1 of that"
	[ "$shard" -ge 0 ] && [ "$shard" -lt "$shards" ] || { echo "--shard $1: give it as 2/3" >&2; exit 64; }
}
ours() { [ $(($1 % shards)) -eq "$shard" ]; } # NUMBER

# From 1 to MOST, into drawn: a subshell would draw by a seed of its own.
draw() { drawn=$((1 + (RANDOM * 32768 + RANDOM) % $1)); } # MOST

# ---- the scene that all runs share ----

template_make() { # NAME
	command -v node >/dev/null || { say "node is missing"; say "0 passed, 1 failed"; exit 1; }
	place_make "$1"
	judge_start
	state=$place/state
	shelf=$place/shelf
	conf=$place/template.yaml
	config "$conf" template "$state"
	mkdir -p "$shelf" && cluster_lay "$state"
	stock_make "$place/stock.gdv" 60 7 && v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; return 1; }
	echo "track_commit_timestamp = on" >>"$state/postgres/postgresql.auto.conf" # the judge asks when a row was committed
	cluster_keep "$state"
	v contracts import "$place/stock.gdv" --quiet >"$place/out" 2>&1 &&
		shipments_make "$shelf" "$place/stock.gdv" "$shipments_of_shelf" 7 || { bad "a stock and shipments" "$place/out"; return 1; }
	unreadable_add
	office_shelf_make || { bad "the shelf of the office" "$place/out"; return 1; }
	canaries_plant
	sandbox_start "$shelf" /dev/null || return 1 # makes the certificate that all copies share
	for insurer in $insurers_of_sandbox; do connection_add "$insurer" "$insurer" "$base" "$shelf/tls/ca.pem" || return 1; done
	stop "$sandbox"
	secret_make "$place/secrets/push"
	for secret in "$place"/secrets/*; do echo "nowhere $(cat "$secret")"; done >>"$place/canaries"
	receiver_start "$place/received" "$place/secrets/push" || return 1
	v endpoint add push "$receiver_url" --secret-file "$place/secrets/push" --types all --allow-private --quiet &&
		receiver_start "$place/refused" "$place/secrets/push" --fail 1 || return 1
	refusing_url=$receiver_url
}

# Two insurers each have a shipment that nobody can read: a character that XML does not know.
unreadable_add() {
	for insurer in kranich muehlrad; do
		head -1 "$shelf/$insurer/shipments.jsonl" | sed -E 's/"id":"[^"]*"/"id":"UNLESBAR-1"/; s/"business_case"/"text":"\\u0001","business_case"/' \
			>>"$shelf/$insurer/shipments.jsonl"
	done
}

# Behind the end of every PDF, and as the town of every customer, a text that nothing else has.
canaries_plant() {
	local file id
	id=$(od -An -N8 -tx8 /dev/urandom | tr -d ' ')
	for file in "$shelf"/*/documents/*.pdf; do printf '%%KANARIE%s\n' "$id" >>"$file"; done
	sed -i "s/\"postcode\":/\"city\":\"Vogelstadt$id\",&/g" "$shelf"/*/shipments.jsonl "$place/office.jsonl"
	printf 'store KANARIE%s\nrows Vogelstadt%s\n' "$id" "$id" >"$place/canaries"
}

# What the office has besides: two shipments more, and two of its own under another id.
office_shelf_make() {
	local own=$shelf/seeufer/shipments.jsonl id
	cp "$own" "$place/own"
	"$build/vorpost-generate" --contracts "$shelf.csv" --seed 3 --first 102 --shipments 2 --insurer seeufer --out "$shelf" >"$place/out" || return
	for id in SE00000001 SE00000103; do
		grep -F "{\"id\":\"$id\"" "$own" | sed "s/\"$id\"/\"$id-2\"/" >"$place/twin"
		cat "$place/twin" >>"$own"
		grep "^$id," "$shelf/truth.csv" | sed "s/^$id,/$id-2,/" >"$place/twin"
		cat "$place/twin" >>"$shelf/truth.csv"
	done
	tail -n +$(($(wc -l <"$place/own") + 1)) "$own" >"$place/office.jsonl"
	cp "$place/own" "$own"
}

# ---- one session with the database, for a psql of its own takes longer than what it is asked ----

session= # its process, empty: none

session_start() {
	mkfifo -m 600 "$place/asked" "$place/said" || return
	exec {session_in}<>"$place/asked" {session_out}<>"$place/said"
	psql -qAtX -v ON_ERROR_STOP=1 "$(conninfo "$state")" <"$place/asked" >"$place/said" 2>&1 &
	session=$!
	started+=("$session")
}
session_end() {
	kill "$session" 2>/dev/null
	exec {session_in}>&- {session_out}>&-
	rm -f "$place/asked" "$place/said"
	wait "$session" 2>/dev/null
	session=
}

# The answer's lines are in said. A session that does not come to the question, for its server was killed, is followed by another.
ask() { # NAME=VALUE...: the statements are on standard input
	local text pair came
	IFS= read -r -d '' text
	for pair in "$@"; do text="\\set ${pair%%=*} '${pair#*=}'"$'\n'"$text"; done
	for _ in 1 2; do
		[ -n "$session" ] || session_start || return
		printf 'select;\n\\echo = here\n%s\n\\echo = done\n' "$text" >&"$session_in"
		! answer_take || return 0
		session_end
		[ $came = no ] || return 1
	done
	return 1
}
answer_take() { # sets came: did it come to the question?
	local line part="" ended=no # what it wrote before its end is still to be read
	said=() came=no
	while :; do
		if IFS= read -r -t 1 line <&"$session_out"; then
			line=$part$line part=""
			case $line in
			'= done') return 0 ;;
			'= here') said=() came=yes ;;
			*) said+=("$line") ;;
			esac
		else
			part=$part$line # on a busy machine the second may be over in the middle of a line
			[ $ended = no ] || return 1
			! gone "$session" || ended=yes
		fi
	done
}

# ---- one run ----

# The rows of the template under another name: quicker than commands, and nothing of another run is in the way. No two brokers
# have a contract or a customer of the same id: what went from one to another would not be seen else.
broker_copy() {
	ask b="$broker" base="$base" only="$insurers_of_run" <<-'SQL'
		begin;
		insert into broker (broker) values (:'b');
		insert into connection (broker, connection, issuer, sts_url, transfer_url, username, secret_file, ca_file, consumer_id)
		select :'b', connection, issuer, :'base' || '/' || issuer || '/sts', :'base' || '/' || issuer || '/transfer', username,
		       secret_file, ca_file, consumer_id
		from connection where broker = 'template' and connection = any (string_to_array(:'only', ' '));
		create temp table c on commit drop as select * from contract where broker = 'template';
		update c set broker = :'b', contract_id = :'b' || '.' || contract_id, customer_id = :'b' || '.' || customer_id;
		insert into contract select * from c;
		insert into contract_name select :'b', issuer, key, :'b' || '.' || contract_id, origin, spelling, created_at, created_by
		from contract_name where broker = 'template';
		insert into endpoint (broker, endpoint, url, secret_file, types, allow_private)
		select :'b', endpoint, url, secret_file, types, allow_private from endpoint where broker = 'template';
		commit;
	SQL
}

run_begin() { # [OPTION of the sandbox...]
	runs=$((runs + 1))
	broker=run-$runs
	run=$place/run
	rm -rf "$run" "$state/documents"
	mkdir -p "$run/shelf" && : >"$run/log" && : >"$place/received" || return
	(cd "$shelf" && exec cp -r tls $insurers_of_run "$run/shelf") || return
	[ -z "$office" ] || cat "$place/office.jsonl" >>"$run/shelf/$office/shipments.jsonl"
	sandbox_run "$@" || return 1
	broker_copy || { bad "the scene of $broker: ${said[*]}"; return 1; }
	conf=$run/vorpost.yaml
	config "$conf" "$broker" "$state"
}
run_end() {
	sandbox_end
	[ -z "$office" ] || office_note
}

# How often the office did wrong: a campaign in which it never came to that shows nothing.
office_note() {
	local seen
	read -ra seen < <(awk -v office="\"$office\"" 'index($0, office) {
			if (/"lost":true/ && /"outcome":"acknowledged"/) lost++
			if (/"outcome":"repeated"/) { if (/listShipments/) lists++; else answers++ }
			if (/"outcome":"ok"/ && /"shipment":"[^"]*-2"/) twins++
		} END { print lost + 0, answers + 0, lists + 0, twins + 0 }' "$run/log")
	office_did[lost]=$((office_did[lost] + seen[0])) office_did[answers]=$((office_did[answers] + seen[1]))
	office_did[lists]=$((office_did[lists] + seen[2])) office_did[twins]=$((office_did[twins] + seen[3]))
}
office_tell() {
	local what
	for what in lost answers lists twins; do
		[ "${office_did[$what]}" -ge 1 ] && good || bad "the office that does wrong: $what never came"
	done
	say "the office lost ${office_did[lost]} acknowledgements, repeated ${office_did[answers]} answers and ${office_did[lists]} lists," \
		"gave ${office_did[twins]} shipments under a second id"
}

# The insurers of the run, who do as they are told, but for the office and the OPTIONs.
sandbox_run() { # OPTION...
	local build=$plain wrong=() # quicker, and it is not what is tested here
	[ -z "$office" ] || wrong=(--misbehave "$office:lose_acknowledgement_every=2" --misbehave "$office:repeat_answer_every=3"
		--misbehave "$office:repeat_list_every=2" --misbehave "$office:duplicate_ids=1")
	sandbox_start "$run/shelf" "$run/log" --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' "${wrong[@]}" "$@"
}
sandbox_end() {
	stop "$sandbox"
	forget "$sandbox"
}
# After thousands of runs the id of who ended may be somebody else's.
forget() { # ID
	local id kept=()
	for id in "${started[@]}"; do [ "$id" = "$1" ] || kept+=("$id"); done
	started=("${kept[@]}")
}
sandbox_again() { # OPTION...: the same, at its address
	sandbox_end
	sandbox_run --port "${base##*:}" "$@"
}

# In a shell of its own, whose word about a killed child goes where the output goes.
alone() { ( "$@"; exit $? ) >"$run/out" 2>&1 </dev/null; }
round() { alone timeout -k 5 120 "$build/vorpost" --config "$conf" poll --once --workers 2 --quiet; }
# The same after a fault, by one worker: nobody races him, and he costs half the connections to the database.
round_after() { alone timeout -k 5 120 "$healer/vorpost" --config "$conf" poll --once --workers 1 --quiet; }

# ---- the judge ----

judge_start() {
	coproc JUDGE { exec node "$root/tests/crash/check.mjs" --serve 2>&1; }
	started+=("$JUDGE_PID")
}

# Where nothing of documents, customers and secrets may be: logs, what commands said and receivers got, what was left behind.
outside() {
	printf '%s:' "$run/out" "$run/before" "$run/serve" "$run/answer" "$place/out" "$place/received" "$place/refused" "$place/sanitizer" "$state/postgres.log" "$state/spool"
}

# Is everything done already? Then there is nothing to heal.
all_is_done() {
	local failed_before=$failed
	judge_run "done" >/dev/null && return 0
	failed=$failed_before
	return 1
}

# Its output is in $place/verdict.
judge_run() { # NAME OPTION...
	local name=$1 line
	shift
	printf '%s\t' --db "$(conninfo "$state")" --documents "$state/documents" --broker "$broker" --sandbox "$run/shelf" \
		--log "$run/log" --received "$place/received" --truth "$shelf/truth.csv" --apart --dated --canaries "$place/canaries" \
		--outside "$(outside)" "${judge_also[@]}" "$@" >&"${JUDGE[1]}"
	echo >&"${JUDGE[1]}"
	: >"$place/verdict"
	while IFS= read -r -t 300 line <&"${JUDGE[0]}"; do
		case $line in
		'= 0') commits_note; good; return 0 ;;
		'= '*) bad "$name" "$place/verdict"; return 1 ;;
		*) printf '%s\n' "$line" >>"$place/verdict" ;;
		esac
	done
	bad "$name: the judge says no more" "$place/verdict"
	return 1
}

# Of how many acknowledgements it was seen that they came after the commit: rows that were changed since tell nothing of it.
declare -A commits=([compared]=0 [acknowledged]=0)
commits_note() {
	local compared acknowledged
	read -r compared acknowledged < <(sed -nE 's/.*; ([0-9]+) of ([0-9]+) acknowledged shipments compared.*/\1 \2/p' "$place/verdict")
	commits[compared]=$((commits[compared] + ${compared:-0})) commits[acknowledged]=$((commits[acknowledged] + ${acknowledged:-0}))
}
commits_tell() { # PERCENT: at least so many of a hundred and more
	say "${commits[compared]} of ${commits[acknowledged]} acknowledgements were compared with their commits"
	[ "${commits[acknowledged]}" -ge 100 ] || return 0
	[ $((commits[compared] * 100)) -ge $((commits[acknowledged] * $1)) ] && good || bad "fewer than $1 of a hundred acknowledgements could be compared with their commits"
}

# ---- after the fault ----

# What waits for its next attempt, the endpoint or one customer's lane of it, need not wait for the clock.
due_now() {
	ask b="$broker" <<-'SQL'
		update endpoint set next_attempt_at = now() where broker = :'b';
		update lane_block set next_attempt_at = now() where broker = :'b';
	SQL
}

# What it started ends what it has in hand, and what it sent may commit after its death: a round that comes meanwhile passes that
# connection over.
nobody_left() {
	await 60 process_gone || bad "a worker outlives its command"
	local tries
	for tries in $(seq 200); do
		ask <<<"select count(*) from pg_stat_activity where application_name = 'vorpost' and state <> 'idle';"
		[ "${said[*]}" != 0 ] || return 0
		sleep 0.05
	done
}
process_gone() { ! pgrep -f -- "--config $conf (poll|events|serve)" >/dev/null; }

# Three times at most: a connection whose worker was killed in the second round's way could still be leased in the first, and
# what the office did not confirm is settled by its next list.
recover() { # NAME
	nobody_left
	round_after || round_after || round_after || { bad "$1: the second round does not go through" "$run/out"; return 1; }
	judge_run "$1: after the second round"
}

# ---- with the shim of nth.c in front ----

shim=$build/tests/crash/libnth.so
[ -e "$shim" ] || { say "$shim is missing"; say "0 passed, 1 failed"; exit 1; }

# The command in front of which the shim stands. `timeout` itself is not touched.
faulted() { # BUILD FAULT
	local cage=()
	[ "$1" = "$build" ] || cage=(VORPOST_NTH_CAGE=1)
	shared_make || return
	alone timeout -k 5 "${NTH_PATIENCE:-120}" env LD_PRELOAD="$shim" VORPOST_NTH="$2" VORPOST_NTH_FILE="$run/nth" "${cage[@]}" \
		ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" "$1/vorpost" --config "$conf" "${command[@]}"
}
shared_make() { truncate -s 0 "$run/nth" && truncate -s 1048576 "$run/nth"; }
shared_at() { od -An -v -tu8 -w8 -j"$1" -N"$2" "$run/nth" | tr -d ' '; } # BYTE BYTES: as struct shared of nth.c has it
calls_counted() { shared_at 0 96; } # one a line, in the order of nth.c
failures_made() { shared_at 128 8; }
answers_lost() { shared_at 184 8; }
clock_readings() { shared_at 192 8; } # of a clock that is shifted

ended_well() { # NAME CODE
	case $2 in
	0|1|65|66|69|75|77|78) ;;
	*) bad "$1: exit $2" "$run/out"; return 1 ;;
	esac
	[ "$2" -eq 0 ] || [ -s "$run/out" ] || { bad "$1: exit $2 without a word"; return 1; }
	local reports
	reports=$(sanitizer_reports)
	if [ -n "$reports" ]; then
		bad "$1: a sanitizer complains" $reports
		rm -f "$place"/sanitizer/*
		return 1
	fi
	good
}

# What a process without memory leaves is swept within the hour; who lives cleans up.
nothing_left() { # NAME
	local left
	left=$(find "$state/documents/incoming" "$place"/secrets/*.new -type f 2>/dev/null | wc -l)
	same "$1: half files in the store or beside secrets" "$left" 0
}

bystander() { # what nobody may touch
	sql <<<"select md5(string_agg(t, ',' order by t)) from (select c::text t from contract c where broker = 'template'
		union all select n::text from contract_name n where broker = 'template'
		union all select x.connection || x.state || x.lease_fence from connection x where broker = 'template'
		union all select e::text from endpoint e where broker = 'template'
		union all select d.document_id::text from document d where broker = 'template') all_rows"
}
