# events.sh -- the outbox against bare SKIP LOCKED, graphile-worker and pg-boss, all in one cluster; ingest with and without
# the wake-up; a full and an emptied outbox against a fresh one; from the commit to the webhook. Sourced by bench.sh, after way.sh.
#   BENCH_EVENTS=20000 of each side in each round; BENCH_QUICK=1: a backlog of 100,000 and a million deletions, not 1 and 10 million

events_a_round=${BENCH_EVENTS:-20000}
backlog=1000000
deletions=10000000
[ -z "${BENCH_QUICK:-}" ] || { backlog=100000; deletions=1000000; }

ours() { "$bin/tests/bench/bench_events" "$@"; }
latency() { "$bin/tests/bench/bench_latency" "host=$place/socket user=vorpost dbname=vorpost" bench "$place/state" "$webhook_port" "$@"; }
queues() { PGHOST=$place/socket PGUSER=vorpost PGDATABASE=peers node "$here/peers/queues.mjs" "$@"; }
in_db() { psql -XqtA -v ON_ERROR_STOP=1 -h "$place/socket" -U vorpost -d "$@"; } # DATABASE OPTION...
info_of() { printf 'host=%s user=vorpost dbname=%s' "$place/socket" "$1"; }
port_free() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# Every database has the product's schema, a consumer and an endpoint whose cursors are moved by hand.
events_database() { # NAME
	[ "$1" = vorpost ] || in_db postgres -c "create database $1"
	printf 'broker: bench\nstate: %s\ndatabase: "%s"\ninsurers: [ %s ]\nworkers: 1\nlog: info\n' \
		"$place/state" "$(info_of "$1")" "$root/fixtures/insurers" >"$place/$1.yaml"
	"$bin/vorpost" --config "$place/$1.yaml" init >"$place/out" 2>&1 || die "init $1: $(cat "$place/out")"
	in_db "$1" -c "insert into broker values ('bench') on conflict do nothing" \
		-c "insert into consumer (broker, consumer) values ('bench', 'bench')" \
		-c "insert into endpoint (broker, endpoint, url, secret_file, lease_owner, types, state) values ('bench', 'bench', '', '', 'bench', '{all}', 'disabled')"
}

# N events without a position, as a delivery writes them; AGO: in another week, so many days ago.
events_write() { # DATABASE N [AGO]
	in_db "$1" -c "insert into event (broker, id, aggregatetype, aggregateid, type, payload, occurred_at)
		select 'bench', gen_random_uuid(), 'customer', 'K-' || n % 1000, 'document.unmatched',
		jsonb_build_object('no', n, 'document_id', '01920000-0000-7000-8000-000000000000', 'category', 'invoice'),
		clock_timestamp() - interval '${3:-0} days' from generate_series(1, $2) n"
}
# The same, numbered at once: what the sequencer would have done.
events_write_numbered() { # DATABASE N AGO
	in_db "$1" -c "with head as (insert into sequence_head (broker, position) values ('bench', $2)
			on conflict (broker) do update set position = sequence_head.position + $2 returning position - $2 as before)
		insert into event (broker, id, position, aggregatetype, aggregateid, type, payload, occurred_at)
		select 'bench', gen_random_uuid(), before + n, 'customer', 'K-' || n % 1000, 'document.unmatched',
		jsonb_build_object('no', n, 'document_id', '01920000-0000-7000-8000-000000000000', 'category', 'invoice'),
		clock_timestamp() - interval '$3 days' from head, generate_series(1, $2) n"
}
cursors_to() { in_db "$1" -c "update consumer set position = $2" -c "update endpoint set position = $2"; } # DATABASE POSITION

# ---- consuming ----

bare_fill() {
	in_db vorpost -c 'truncate bare' -c "insert into bare (type, aggregateid, payload) select 'document.unmatched', 'K-' || n % 1000,
		jsonb_build_object('no', n, 'document_id', '01920000-0000-7000-8000-000000000000', 'category', 'invoice') from generate_series(1, $events_a_round) n" \
		-c 'analyze bare' -c checkpoint
}
events_consume() {
	local n=$events_a_round peers=$((events_a_round / 2)) side head
	in_db vorpost -c 'create table bare (id bigserial primary key, type text, aggregateid text, payload jsonb, created timestamptz default now())'
	for round in $(seq 0 "$rounds"); do # round 0 warms up
		[ "$round" -ne 1 ] || sed -i '/^consume /d' "$place/figures"
		bare_fill
		figure consume bare "$(ours bare "$(info_of vorpost)" "$n")"
		bare_fill
		figure consume bare-relaxed "$(ours relaxed "$(info_of vorpost)" "$n")"
		head=$(in_db vorpost -c "select coalesce(max(position), 0) from sequence_head")
		events_write vorpost "$n"
		figure consume number "$(ours number "$(info_of vorpost)" bench "$n")"
		in_db vorpost -c 'vacuum analyze event' -c checkpoint
		for side in feed courier; do
			cursors_to vorpost "$head"
			figure consume $side "$(ours $side "$(info_of vorpost)" bench "$n")"
		done
		figure consume graphile "$(queues graphile-drain "$peers")"
		figure consume pgboss "$(queues pgboss-drain "$peers")"
	done
	medians consume "events/s"
	goal "events consume, cursor of a consumer / bare SKIP LOCKED" consume feed bare 0.9
	goal "events consume, cursor of an endpoint / bare SKIP LOCKED" consume courier bare 0.9
	goal "events consume, cursor of a consumer / bare with synchronous_commit off" consume feed bare-relaxed ""
	goal "events consume, cursor of a consumer / graphile-worker" consume feed graphile 4
	goal "events consume, cursor of a consumer / pg-boss" consume feed pgboss 5
	goal "events number / bare SKIP LOCKED" consume number bare ""
}

# ---- ingest ----

events_ingest() {
	local side n=$((events_a_round / 8)) mode
	grep -v '^--' "$root/store/sql/delivery_record.sql" >"$place/record.sql"
	sed "s/^select (select ok from held)/select pg_notify('bench', '') as told, (select ok from held)/" "$place/record.sql" >"$place/record-notify.sql"
	! cmp -s "$place/record.sql" "$place/record-notify.sql" || die "the recording statement is not what it was"
	in_db vorpost -c "insert into connection (broker, connection, issuer, sts_url, transfer_url, lease_fence)
		select 'bench', 'bench' || c, 'bench', '', '', 1 from generate_series(1, 8) c"
	for round in $(seq 0 "$rounds"); do
		[ "$round" -ne 1 ] || sed -i '/^ingest /d' "$place/figures"
		for side in off on notify; do
			in_db vorpost -c 'truncate shipment, document, decision, event cascade' -c "insert into shipment (broker, connection, shipment_id, category)
				select 'bench', 'bench' || c, 'S' || n, '140013000' from generate_series(1, 8) c, generate_series(1, $n) n" -c 'analyze shipment' -c checkpoint
			mode=off
			[ $side != on ] || mode=on
			figure ingest $side "$(ours ingest "$(info_of vorpost)" bench "$place/state" 8 "$n" $mode "$place/record$([ $side != notify ] || echo -notify).sql")"
			[ "$(in_db vorpost -c "select count(*) from event")" -eq $((8 * n)) ] || die "ingest $side: events are missing"
		done
	done
	medians ingest "shipments/s"
	goal "events ingest at 8 clients, wake-up on / off" ingest on off 0.9
	goal "events ingest at 8 clients, NOTIFY in the transaction / off" ingest notify off ""
}

# ---- a full and an emptied outbox ----

events_size() {
	local name week n=$events_a_round
	for name in fresh full emptied; do events_database outbox_$name; done
	say "  writing a backlog of $backlog, and $deletions events that are deleted again"
	events_write_numbered outbox_full "$backlog" 0
	for week in 1 2 3 4; do # old weeks, made and dropped as the events role does
		in_db outbox_emptied -c "select event_partition_make(date_trunc('week', now() - interval '$((week * 7)) days', 'UTC'))" >/dev/null
		events_write_numbered outbox_emptied $((deletions / 4)) $((week * 7))
	done
	cursors_to outbox_emptied "$(in_db outbox_emptied -c 'select position from sequence_head')"
	in_db outbox_emptied -c "update endpoint set state = 'disabled'" -c "select event_partition_drop(event_partition_name(date_trunc('week', now() - n * interval '7 days', 'UTC')))
		from generate_series(1, 4) n" >/dev/null
	[ "$(in_db outbox_emptied -c 'select count(*) from event')" -eq 0 ] || die "weeks were not dropped"
	for name in fresh full emptied; do in_db outbox_$name -c 'vacuum analyze event' -c checkpoint; done
	for round in $(seq 0 "$rounds"); do
		[ "$round" -ne 1 ] || sed -i '/^size /d' "$place/figures"
		for name in fresh full emptied; do
			events_write outbox_$name "$n"
			figure size "$name-number" "$(ours number "$(info_of outbox_$name)" bench "$n")"
			figure size "$name-consume" "$(ours feed "$(info_of outbox_$name)" bench "$n")" # full: the oldest of the backlog
		done
	done
	medians size "events/s"
	for name in full emptied; do
		goal "events consume, $([ $name = full ] && echo "backlog of $backlog" || echo "after $deletions deletions") / fresh" size $name-consume fresh-consume 0.8
		goal "events number, $([ $name = full ] && echo "backlog of $backlog" || echo "after $deletions deletions") / fresh" size $name-number fresh-number 0.8
	done
}

# ---- from the commit to the webhook ----

events_latency() {
	local round p50 p99 c50 c99 rate serve g50 g99 half
	webhook_port=$(port_free)
	in_db vorpost -c 'truncate shipment, document, decision, event cascade' -c "delete from endpoint where endpoint <> 'bench'" -c 'delete from connection' -c 'vacuum analyze'
	(umask 077; printf 'whsec_%s\n' "$(head -c 32 /dev/urandom | base64)" >"$place/push")
	"$bin/vorpost" --config "$place/vorpost.yaml" endpoint add push "http://127.0.0.1:$webhook_port/" --secret-file "$place/push" --allow-private --types all --quiet
	"$bin/vorpost" --config "$place/vorpost.yaml" serve >"$place/serve.log" 2>&1 &
	serve=$!
	children+=($serve)
	wait_until "serve does not start" grep -qs 'role=events' "$place/serve.log"
	sleep 1
	latency 20 0 >/dev/null
	for round in $(seq "$rounds"); do
		read -r p50 p99 c50 c99 rate < <(latency 200 0) || die "latency: $(tail -3 "$place/serve.log")"
		read -r g50 g99 < <(queues graphile-latency 200) || die "graphile-worker does not run"
		figure latency "webhook-p50" "$p50"; figure latency "webhook-p99" "$p99"; figure latency "commit-webhook-p50" "$c50"
		figure latency "graphile-p50" "$g50"; figure latency "graphile-p99" "$g99"
		read -r p50 p99 c50 c99 rate < <(latency 2000 1000000) # a transaction each, as fast as one writer can
		figure latency-load "most" "$rate"
		half=$(awk -v r="$rate" 'BEGIN { print r / 2 }')
		read -r p50 p99 c50 c99 rate < <(latency 1000 "$half")
		figure latency-load "half-p50" "$p50"; figure latency-load "half-p99" "$p99"
		read -r p50 p99 c50 c99 rate < <(latency 2000 -1)
		figure latency-load "burst" "$rate"
	done
	child_stop "$serve"
	medians latency us
	medians latency-load "us, events/s"
	goal "events latency, graphile-worker add to start / insert to webhook" latency graphile-p50 webhook-p50 1.67
	goal "events latency, graphile-worker add to start / commit to webhook" latency graphile-p50 commit-webhook-p50 1.67
	goal "events latency at half load, p50 / p99" latency-load half-p50 half-p99 0.2
}

part_events() {
	local round
	[ -d "$here/peers/node_modules/graphile-worker" ] && [ -d "$here/peers/node_modules/pg-boss" ] ||
		(cd "$here/peers" && npm ci --ignore-scripts --no-audit --no-fund --silent)
	[ -z "${cluster:-}" ] || { cluster_stop; rm -rf "$cluster"; }
	cluster_start
	rm -rf "$place/state"
	events_database vorpost
	in_db postgres -c 'create database peers'
	for part in ${BENCH_EVENTS_PARTS:-consume ingest size latency}; do
		say "  -- $part"
		"events_$part"
	done
}
