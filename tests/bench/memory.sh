# memory.sh -- the private memory of no process grows with the document: a worker that reads one answer after the other, and
# with one of 500 MB every process of `vorpost poll` (itself, its worker, the reader and the validator in their cages, server processes of
# the database) and of looking into it afterwards. Sourced by bench.sh.

# The most RssAnon of a process of its own that reads one answer after the other into a document store.
memory_of() { # LIST SECONDS
	"$bin/tests/bench/bench_read" --memory --store "$place/store" "$base" "$ca" "$2" "$place/answers/$1.list" "$place/spool"
}

# Whole kB, the limit is a difference and no round may be beyond it, so this part has a closing line of its own: FILE with lines
# "DIFFERENCE SMALL LARGE".
memory_goal() { # WHAT FILE WANTED_KB
	sort -n "$2" | awk -v what="$1" -v wanted="$3" '
		{ d[NR] = $1; large[NR] = $3 }
		END {
			printf "goal memory %s: %+d kB at most (median %+d, least %+d of %d; in all %d kB) wanted <= %d kB: %s\n",
				what, d[NR], d[int((NR + 1) / 2)], d[1], NR, large[NR], wanted, NR && d[NR] <= wanted ? "met" : "MISSED"
		}' >>"$place/goals"
}

memory_form() { # FORM
	local small large wrong_small wrong_large round
	for round in $(seq "$rounds"); do
		read -r small wrong_small < <(memory_of "$1-50k" 0.2)
		read -r large wrong_large < <(memory_of "$1-50m" 0.2)
		[ "$wrong_small$wrong_large" = 00 ] || die "documents came out wrong"
		rm -rf "$place/store"
		printf '%d %d %d\n' $((large - small)) "$small" "$large"
	done >"$place/memory-$1"
	memory_goal "$1, 50 MB over 50 kB, worker alone" "$place/memory-$1" 256
}

# ---- the whole poll ----

memory_server() {
	mkdir -p "$place/large" "$place/patient" "$place/schemas"
	cp -r "$root/fixtures/schemas/seeufer" "$place/schemas" # so that the validator takes part
	cp "$place/tls/server.pem" "$place/tls/server.key" "$place/large"
	node "$root/tests/e2e/hostile.mjs" "$place/large" >"$place/large.log" 2>&1 &
	children+=($!)
	wait_until "the server of large documents does not start" test -s "$place/large/port"
	large_base=https://localhost:$(cat "$place/large/port")
	sed 's/^wire:/&\n  answer_bytes_most: 2000000000\n  get_timeout_s: 600/' "$root/fixtures/insurers/seeufer.yaml" >"$place/patient/seeufer.yaml"
	printf 'broker: large\nstate: %s\ndatabase: "host=%s user=vorpost dbname=vorpost"\ninsurers: [ %s ]\nschemas: %s\nworkers: 1\nlog: warn\n' \
		"$place/large/state" "$place/socket" "$place/patient" "$place/schemas" >"$place/large.yaml"
	conf=$place/large.yaml v init --broker large >/dev/null
	(umask 077; echo geheim >"$place/password")
}

# As watched.py: what it saw goes into private_kb, the most of each kind of process.
watched() { exec "$here/watched.py" "$@"; }
memory_take() { # FILE
	local kind kb
	while read -r kind kb; do
		[ "$kb" -le "${private_kb[$kind]:-0}" ] || private_kb[$kind]=$kb
	done <"$1"
}

# Its last bytes wait until everybody was seen with all that came before.
memory_fetch() { # SHELF CONNECTION
	local poll
	watched "$place/large.seen" poll "$(head -1 "$cluster/postmaster.pid")" "$bin/vorpost" --config "$place/large.yaml" poll --once --workers 1 --connection "$2" \
		--no-events --quiet >"$place/large.out" 2>&1 &
	poll=$!
	for _ in $(seq 6000); do
		[ ! -s "$place/large/$1.sha256" ] || break
		kill -0 $poll 2>/dev/null || die "poll: $(cat "$place/large.out")"
		sleep 0.05
	done
	sleep 0.2
	touch "$place/large/$1.release"
	wait $poll || die "poll: $(cat "$place/large.out")"
	memory_take "$place/large.seen"
}

# As the daemon does behind the acknowledgement. Beyond 64 MiB the inspecting program is started, told the size, and reads nothing. It
# lives for hundredths of a second, so it is watched again and again, until it was seen at least.
memory_inspect() { # SHELF CONNECTION
	local state tries=0
	until [ $tries -ge 5 ] && [ "${private_kb[inspector]:-0}" -gt 0 ]; do
		[ $((tries += 1)) -le 100 ] || die "the inspecting program was never seen with $1"
		sql -c "delete from document_text t using document d where (d.broker, d.document_id) = (t.broker, t.document_id) and d.connection = '$2'"
		(watched "$place/large.seen" inspect "$(head -1 "$cluster/postmaster.pid")" "$bin/vorpost" --config "$place/large.yaml" document inspect) \
			>"$place/large.out" 2>&1 || die "inspect: $(cat "$place/large.out")"
		memory_take "$place/large.seen"
	done
	state=$(sql -c "select t.state from document_text t join document d using (broker, document_id) where d.connection = '$2'")
	[ -n "$state" ] || die "nobody looked into $1"
	[ "${1#*-}" -le $((64 << 20)) ] || [ "$state" = refused ] || die "$1 is longer than what is looked into, and is $state"
}

# Sets private_kb: the most private memory of each kind of process while one document of so many bytes came and was looked into.
memory_poll() { # SHELF
	local name=$1-$memory_polls
	declare -gA private_kb=()
	conf=$place/large.yaml v connection add "$name" --insurer seeufer --sts "$large_base/$1/sts" --transfer "$large_base/$1/transfer" --user makler \
		--password-file "$place/password" --ca "$place/large/server.pem" --quiet
	memory_fetch "$1" "$name"
	[ "$(sql -c "select sha256 from document where broker = 'large' and shipment_id = '$1' and connection = '$name'")" = "$(cat "$place/large/$1.sha256")" ] ||
		die "$1 is not stored byte for byte"
	memory_inspect "$1" "$name"
	rm -f "$place/large/$1".*
	rm -rf "$place/large/state/documents"
	memory_polls=$((memory_polls + 1))
}

# All that take part; one of another name would be one that nobody thought of.
memory_kinds="poll worker reader validator backend inspect inspector"
memory_seen() { # SHELF
	local kind
	for kind in $memory_kinds; do [ "${private_kb[$kind]:-0}" -gt 0 ] || die "no memory of the $kind was seen with $1"; done
	for kind in "${!private_kb[@]}"; do
		case " $memory_kinds " in *" $kind "*) ;; *) die "a process '$kind' took part, whose memory nobody judges" ;; esac
	done
}

memory_whole() { # FORM BYTES
	local round kind
	local -A small
	for round in $(seq "${BENCH_LARGE_ROUNDS:-3}"); do
		memory_poll "$1-51200"
		memory_seen "$1-51200"
		for kind in $memory_kinds; do small[$kind]=${private_kb[$kind]}; done
		memory_poll "$1-$2"
		memory_seen "$1-$2"
		for kind in $memory_kinds; do
			printf '%d %d %d\n' $((private_kb[$kind] - small[$kind])) "${small[$kind]}" "${private_kb[$kind]}" >>"$place/memory-$1-$kind"
		done
	done
	for kind in $memory_kinds; do
		memory_goal "$1, $(($2 / 1000000)) MB over 50 kB, $kind" "$place/memory-$1-$kind" 256
	done
}

part_memory() {
	local bytes=${BENCH_LARGE:-500000000}
	memory_polls=0
	answers_serve
	say "  private memory (RssAnon, the most) of a worker: http, spool, reader, document store"
	memory_form inline
	memory_form mtom
	say "  private memory (smaps_rollup, the most) of each process of vorpost poll while a document of $((bytes / 1000000)) MB comes, and is looked into"
	cluster_start
	memory_server
	memory_whole inline "$bytes"
	memory_whole mtom "$bytes"
	cluster_stop # others make their own
	rm -rf "$cluster" "$place/socket"
	cluster=
}
