# way.sh -- the whole way with four workers: list, get, read, match, durable file, commit, acknowledge, against
#   pgbench    four clients calling the one recording statement bare, in the same cluster, with the same kind of values
#   uncaged    the same with `cage: off`: answers are read in the workers
#   php        four processes doing the same job with the same tables
# Four sandbox insurers, one connection and one worker each; 50 kB MTOM documents. Sourced by bench.sh.

workers=4
shipments=${BENCH_SHIPMENTS:-600} # of each insurer in each round
document_bytes=51200

as_database_user() { if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi; }
sql() { PGOPTIONS='-c client_min_messages=warning' psql -XqtA -v ON_ERROR_STOP=1 -h "$place/socket" -U vorpost -d vorpost "$@"; }

cluster_start() {
	local programs
	programs=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
	cluster=$place/postgres
	mkdir -p "$cluster" "$place/socket"
	[ "$(id -u)" -ne 0 ] || chown postgres "$cluster" "$place/socket"
	as_database_user "$programs/initdb" -D "$cluster" -A trust -U vorpost -E UTF8 --locale C >"$place/initdb.log"
	# A quarter of the memory, as PostgreSQL's manual advises; checkpoints come between the rounds and not in them.
	as_database_user tee -a "$cluster/postgresql.conf" >/dev/null <<-END
		shared_buffers = ${BENCH_BUFFERS:-$(awk '/^MemTotal/ { printf "%dMB", $2 / 4096 }' /proc/meminfo)}
		jit = off
		listen_addresses = ''
		unix_socket_directories = '$place/socket'
		max_wal_size = 8GB
		checkpoint_timeout = 1h
		autovacuum = off
	END
	as_database_user "$programs/postgres" -D "$cluster" >"$place/postgres.log" 2>&1 &
	cluster_pid=$!
	wait_until "PostgreSQL does not start" psql -Xqt -h "$place/socket" -U vorpost -d postgres -c 'select 1'
	psql -Xq -h "$place/socket" -U vorpost -d postgres -c 'create database vorpost template template0'
}

cluster_stop() {
	kill -INT "$(head -1 "$cluster/postmaster.pid")" 2>/dev/null || true
	wait "$cluster_pid" 2>/dev/null || true
}

# The sandbox's MTOM insurer four times over, under names of their own.
insurers_make() {
	local i
	mkdir -p "$place/descriptions" "$place/insurers"
	for i in $(seq $workers); do
		sed -e "s/seeufer/bench$i/; s/Seeufer V/Seeufer $i V/; s/\"9999\"/\"991$i\"/" "$root/fixtures/sandbox/seeufer.yaml" >"$place/descriptions/bench$i.yaml"
		sed -e "s/seeufer/bench$i/; s/Seeufer V/Seeufer $i V/; s/\"9999\"/\"991$i\"/" "$root/fixtures/insurers/seeufer.yaml" >"$place/insurers/bench$i.yaml"
	done
}

v() { "$bin/vorpost" --config "${conf:-$place/vorpost.yaml}" "$@"; }

stock_make() {
	local i
	"$bin/vorpost-generate" --insurers "$place/descriptions" --stock "$place/stock.csv" --count 20000 --seed 7 >/dev/null
	for i in $(seq $workers); do
		"$bin/vorpost-generate" --insurers "$place/descriptions" --contracts "$place/stock.csv" --out "$place/sandbox" \
			--insurer "bench$i" --first $(((i - 1) * shipments + 1)) --shipments "$shipments" --bench "$document_bytes" --seed 7 >/dev/null
		"$bin/tests/bench/bench_truth" <"$place/sandbox/bench$i/shipments.jsonl" | sed "s/^/bench$i /"
	done | sort >"$place/truth"
	printf 'broker: bench\nstate: %s\ndatabase: "host=%s user=vorpost dbname=vorpost"\ninsurers: [ %s ]\nworkers: %d\nlog: warn\n' \
		"$place/state" "$place/socket" "$place/insurers" $workers >"$place/vorpost.yaml"
	v init --broker bench >/dev/null
	v contracts import "$place/stock.csv" >/dev/null
	[ "$(wc -l <"$place/truth")" -eq $((workers * shipments)) ] || die "the sandbox has not the shipments it should have"
}

sandbox_start() {
	rm -f "$place"/sandbox/*/acknowledged "$place/sandbox.port"
	"$bin/vorpost-sandbox" --insurers "$place/descriptions" --state "$place/sandbox" --plain --port "${port:-0}" \
		--port-file "$place/sandbox.port" >"$place/sandbox.log" 2>&1 &
	sandbox=$!
	children+=($sandbox)
	wait_until "the sandbox does not start: $(cat "$place/sandbox.log")" test -s "$place/sandbox.port"
	port=$(cat "$place/sandbox.port")
}

connections_add() {
	local i
	sed -nE 's/^ *- *\{ *name: *([^,]+), *password: *([^ }]*).*/\2/p' "$place/descriptions/bench1.yaml" >"$place/password"
	user=$(sed -nE 's/^ *- *\{ *name: *([^,]+), *password: *([^ }]*).*/\1/p' "$place/descriptions/bench1.yaml")
	chmod 600 "$place/password"
	# `connection add` takes https only, as it should; the round itself is allowed plain HTTP to the loopback.
	for i in $(seq $workers); do
		sql -c "insert into connection (broker, connection, issuer, sts_url, transfer_url, username, secret_file)
			values ('bench', 'bench$i', 'bench$i', 'http://127.0.0.1:$port/bench$i/sts',
			'http://127.0.0.1:$port/bench$i/transfer', '$user', '$place/password')"
	done
}

# Rounds are equal: empty tables, no old files, nothing acknowledged, nothing left to be written out. Old files are put
# aside, for ext4 makes new ones slowly while it remembers deleted ones.
round_clear() {
	sql -c 'truncate shipment, document, document_first, decision, event cascade' -c 'vacuum connection' \
		-c 'update connection set due_at = now(), lease_owner = null, lease_until = null, last_attempt_at = null'
	rounds_done=$((${rounds_done:-0} + 1))
	mkdir -p "$place/done/$rounds_done" "$place/state/documents"
	mv "$place/state/documents" "$place/php" "$place/done/$rounds_done/"
	[ "$document_bytes" -lt 1000000 ] || rm -rf "$place/done" # few files, and the disk would be full of them
	mkdir "$place/php" "$place/state/documents"
	mkdir $(printf "$place/php/%02x " $(seq 0 255)) $(printf "$place/state/documents/%02x " $(seq 0 255))
	[ -z "${sandbox:-}" ] || child_stop "$sandbox"
	sandbox_start
	sql -c checkpoint
	sync -f "$place"
}

# Every document is there with the right digest, one event each, everything acknowledged here and there.
round_check() { # SIDE FOLDER
	local want=$((workers * shipments)) got
	sql -F ' ' -c 'select connection, shipment_id, sha256 from document order by 1, 2, 3' | sort | cmp -s - "$place/truth" ||
		die "$1: documents are not those that were sent"
	got=$(cd "$2" && find . -type f -name '????????????????????????????????*' -print0 | xargs -0 sha256sum |
		awk '{ name = $2; sub(/.*\//, "", name); if ($1 == name) n++ } END { print n + 0 }')
	[ "$got" -eq "$(cut -d' ' -f3 "$place/truth" | sort -u | wc -l)" ] || die "$1: $got files are whole"
	got=$(sql -c "select (select count(*) from event where type like '%document.%'), (select count(*) from shipment where state = 'acknowledged'),
		(select count(*) from document where state = 'filed')")
	[ "$got" = "$want|$want|$want" ] || die "$1: events|acknowledged|filed are $got, not $want each"
	[ "$(cat "$place"/sandbox/*/acknowledged | sort -u | wc -l)" -eq "$want" ] || die "$1: the insurers miss acknowledgements"
}

now() { printf '%s' "$EPOCHREALTIME"; }
rate() { awk -v a="$1" -v b="$2" -v n="$3" 'BEGIN { printf "%.1f", n / (b - a) }'; }

round_vorpost() { # [NAME]
	local began ended name=${1:-vorpost}
	round_clear
	began=$(now)
	v poll --once --workers $workers --allow-plain --no-events --quiet >"$place/poll.log" 2>&1 || die "poll: $(tail -3 "$place/poll.log")"
	ended=$(now)
	round_check vorpost "$place/state/documents"
	figure way "$name" "$(rate "$began" "$ended" $((workers * shipments)))"
}

round_uncaged() {
	local conf=$place/uncaged.yaml
	{ cat "$place/vorpost.yaml"; echo "cage: off"; } >"$conf"
	round_vorpost uncaged
}

round_php() {
	local began ended i pids=()
	round_clear
	began=$(now)
	for i in $(seq $workers); do
		php "$here/peers/way.php" "http://127.0.0.1:$port/bench$i" "$user" "$place/password" \
			"pgsql:host=$place/socket;dbname=vorpost;user=vorpost" "bench$i" "bench$i" "$place/php" >"$place/php.$i.log" 2>&1 &
		pids+=($!)
	done
	for i in "${pids[@]}"; do wait "$i" || die "php: $(cat "$place"/php.*.log | tail -3)"; done
	ended=$(now)
	round_check php "$place/php"
	figure way php "$(rate "$began" "$ended" $((workers * shipments)))"
}

# The values of one recorded shipment, to be sent again and again with other ids.
pgbench_prepare() {
	values_shipment=$(sql -c "select facts from shipment limit 1")
	values_documents=$(sql -c "select jsonb_build_array(to_jsonb(d) - array['broker', 'connection', 'shipment_id', 'received_at', 'decided_at', 'decided_by', 'version']
		|| jsonb_build_object('document_id', '@ID@', 'sha256', '@SHA@')) from document d limit 1")
	values_events=$(sql -c "select jsonb_build_array(to_jsonb(e) - array['broker', 'id', 'position', 'occurred_at'] || jsonb_build_object('event_id', '@ID@')) from event e limit 1")
	{
		printf '\\set n :n + 1\n'
		grep -v '^--' "$root/store/sql/delivery_record.sql" | sed \
			-e "s/\\\$1/:broker/g; s/\\\$2/('bench' || (:client_id + 1)::text)/g; s/\\\$3/('S' || :n::text)/g; s/\\\$4/:fence/g; s/\\\$5/:shipment/g" \
			-e "s/\\\$6/replace(replace(:documents, '@ID@', '00000000-0000-7000-800' || :client_id::text || '-' || lpad(:n::text, 12, '0')), '@SHA@', :client_id::text || lpad(:n::text, 63, '0'))/g" \
			-e "s/\\\$7/replace(:events, '@ID@', '00000000-0000-7000-800' || :client_id::text || '-' || lpad(:n::text, 12, '0'))/g" -e "s/\\\$8/true/g; s/\\\$9/null/g"
		printf ';\n'
	} >"$place/record.pgbench"
}

round_pgbench() {
	local rate
	round_clear
	sql -c "update connection set lease_fence = 1" -c "insert into shipment (broker, connection, shipment_id, category)
		select 'bench', 'bench' || c, 'S' || n, '140013000' from generate_series(1, $workers) c, generate_series(1, $shipments) n" -c checkpoint
	rate=$(pgbench -n -M prepared -c $workers -j 2 -t "$shipments" -h "$place/socket" -U vorpost \
		-D n=0 -D broker=bench -D fence=1 -D shipment="$values_shipment" -D documents="$values_documents" -D events="$values_events" \
		-f "$place/record.pgbench" vorpost 2>"$place/pgbench.log" | sed -nE 's/^tps = ([0-9.]+).*/\1/p')
	[ -n "$rate" ] || die "pgbench: $(tail -3 "$place/pgbench.log")"
	[ "$(sql -c "select count(*) from shipment where state = 'stored'")" -eq $((workers * shipments)) ] || die "pgbench did not record"
	figure way pgbench "$rate"
}

# The scene that rounds of the whole way need. Once.
way_begin() {
	cluster_start
	insurers_make
	stock_make
	sandbox_start
	connections_add
	mkdir -p "$place/php"
	round_vorpost # to warm up, and for pgbench's values
}

# Another part may make its own.
way_end() {
	child_stop "$sandbox"
	cluster_stop
	rm -rf "$cluster" "$place/socket" "$place/done" "$place/state" "$place/sandbox" "$place/descriptions" "$place/insurers"
	cluster='' sandbox='' port=''
}

part_way() {
	local round
	say "  $workers workers, $((workers * shipments)) shipments of 50 kB MTOM a round, sandbox and database on the same machine"
	way_begin
	pgbench_prepare
	sed -i '/^way /d' "$place/figures"
	for round in $(seq "$rounds"); do
		round_pgbench
		round_vorpost
		round_uncaged
		round_php
	done
	way_end
	medians way "shipments/s"
	goal "way vorpost / pgbench with the bare statement" way vorpost pgbench 0.25
	goal "way vorpost / without the cage" way vorpost uncaged 0.9
	goal "way vorpost / php" way vorpost php 2.5
}
