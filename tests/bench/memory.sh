# memory.sh -- the private memory of no process grows with the document: a worker that reads one answer after the other, and
# the whole of `vorpost poll` (worker, reader in its cage, server process of the database) with one of 500 MB. Sourced by bench.sh.

# The most RssAnon of a process of its own that reads one answer after the other into a document store.
memory_of() { # LIST SECONDS
	"$bin/tests/bench/bench_read" --memory --store "$place/store" "$base" "$ca" "$2" "$place/answers/$1.list" "$place/spool"
}

# Whole kB, the limit is a difference, so this part has a closing line of its own: FILE with lines "DIFFERENCE SMALL LARGE".
memory_goal() { # WHAT FILE WANTED_KB
	sort -n "$2" | awk -v what="$1" -v wanted="$3" '
		function at(share) { return d[int(share * (NR - 1) + 1.5)] }
		{ d[NR] = $1; large[NR] = $3 }
		END {
			printf "goal memory %s: %+d kB (20/80: %+d..%+d; in all %d kB) wanted <= %d kB: %s\n",
				what, at(0.5), at(0.2), at(0.8), large[int((NR + 1) / 2)], wanted, at(0.5) <= wanted ? "met" : "MISSED"
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
	mkdir -p "$place/large" "$place/patient"
	cp "$place/tls/server.pem" "$place/tls/server.key" "$place/large"
	node "$root/tests/e2e/hostile.mjs" "$place/large" >"$place/large.log" 2>&1 &
	children+=($!)
	wait_until "the server of large documents does not start" test -s "$place/large/port"
	large_base=https://localhost:$(cat "$place/large/port")
	sed 's/^wire:/&\n  answer_bytes_most: 2000000000\n  get_timeout_s: 600/' "$root/fixtures/insurers/seeufer.yaml" >"$place/patient/seeufer.yaml"
	printf 'broker: large\nstate: %s\ndatabase: "host=%s user=vorpost dbname=vorpost"\ninsurers: [ %s ]\nworkers: 1\nlog: warn\n' \
		"$place/large/state" "$place/socket" "$place/patient" >"$place/large.yaml"
	conf=$place/large.yaml v init --broker large >/dev/null
	(umask 077; echo geheim >"$place/password")
}

# kB of each process that matters, the most of several looks: worker, reader, backend.
memory_look() { # PID
	local worker id private
	worker=$(pgrep -o -P "$1" -x vorpost || true) # it may not have begun, or have ended
	for id in worker:$worker reader:$(pgrep -o -P "${worker:-0}" -x vorpost-reader || true) \
		backend:$(sql -c "select pid from pg_stat_activity where application_name = 'vorpost' and pid <> pg_backend_pid() order by backend_start desc limit 1"); do
		[ -n "${id#*:}" ] || continue
		private=$(awk '/^Private_(Clean|Dirty):/ { n += $2 } END { print n + 0 }' "/proc/${id#*:}/smaps_rollup" 2>/dev/null) || continue
		[ "${private:-0}" -le "${private_kb[${id%%:*}]:-0}" ] || private_kb[${id%%:*}]=$private
	done
}

# Sets private_kb: the most private memory of each process while one document of so many bytes came.
memory_poll() { # SHELF
	local poll
	declare -gA private_kb=()
	conf=$place/large.yaml v connection add "$1-$memory_polls" --insurer seeufer --sts "$large_base/$1/sts" --transfer "$large_base/$1/transfer" --user makler \
		--password-file "$place/password" --ca "$place/large/server.pem" --quiet
	v_large poll --once --workers 1 --connection "$1-$memory_polls" --no-events --quiet >"$place/large.out" 2>&1 &
	poll=$!
	for _ in $(seq 6000); do
		[ ! -s "$place/large/$1.sha256" ] || break
		kill -0 $poll 2>/dev/null || die "poll: $(cat "$place/large.out")"
		memory_look $poll
		sleep 0.05
	done
	for _ in 1 2 3; do memory_look $poll; done
	touch "$place/large/$1.release"
	wait $poll || die "poll: $(cat "$place/large.out")"
	[ "$(sql -c "select sha256 from document where broker = 'large' and shipment_id = '$1' and connection = '$1-$memory_polls'")" = "$(cat "$place/large/$1.sha256")" ] ||
		die "$1 is not stored byte for byte"
	rm -f "$place/large/$1".*
	rm -rf "$place/large/state/documents"
	memory_polls=$((memory_polls + 1))
}
v_large() { exec "$bin/vorpost" --config "$place/large.yaml" "$@"; }

memory_whole() { # FORM BYTES
	local round process
	local -A small
	for round in $(seq "${BENCH_LARGE_ROUNDS:-3}"); do
		memory_poll "$1-51200"
		for process in worker reader backend; do small[$process]=${private_kb[$process]:-0}; done
		memory_poll "$1-$2"
		for process in worker reader backend; do
			[ "${small[$process]}" -gt 0 ] && [ "${private_kb[$process]:-0}" -gt 0 ] || die "no memory of the $process was seen"
			printf '%d %d %d\n' $((private_kb[$process] - small[$process])) "${small[$process]}" "${private_kb[$process]}" >>"$place/memory-$1-$process"
		done
	done
	for process in worker reader backend; do
		memory_goal "$1, $(($2 / 1000000)) MB over 50 kB, $process of poll" "$place/memory-$1-$process" 256
	done
}

part_memory() {
	local bytes=${BENCH_LARGE:-500000000}
	memory_polls=0
	answers_serve
	say "  private memory (RssAnon, the most) of a worker: http, spool, reader, document store"
	memory_form inline
	memory_form mtom
	say "  private memory (smaps_rollup, the most) of each process of vorpost poll while a document of $((bytes / 1000000)) MB comes"
	cluster_start
	memory_server
	memory_whole inline "$bytes"
	memory_whole mtom "$bytes"
	cluster_stop # others make their own
	rm -rf "$cluster" "$place/socket"
	cluster=
}
