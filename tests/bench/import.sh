# import.sh -- a stock from GDV into an empty database, against a bare COPY of the very rows that came of it: the same tables,
# indexes and foreign keys, one transaction, in the same cluster on disk, rounds in turn. Sourced by bench.sh.
#   BENCH_CONTRACTS=1000000  BENCH_IMPORT_ROUNDS=3  BENCH_IMPORT_COPY=no: the import alone, for a stock of ten million

contracts=${BENCH_CONTRACTS:-1000000}
import_rounds=${BENCH_IMPORT_ROUNDS:-3}

stock_empty() { sql -c 'truncate contract_name, contract cascade' -c checkpoint >/dev/null; }

seconds_of() { # COMMAND...: how long it took
	local before after
	before=$(date +%s.%N)
	"$@" >"$place/import.out" 2>&1 || die "$* failed: $(tail -1 "$place/import.out")"
	after=$(date +%s.%N)
	awk -v a="$before" -v b="$after" 'BEGIN { printf "%.3f", b - a }'
}

copy_bare() {
	psql -XqtA -v ON_ERROR_STOP=1 -h "$place/socket" -U vorpost -d vorpost -1 \
		-c "\\copy contract from '$place/contract.rows'" -c "\\copy contract_name from '$place/name.rows'"
}

import_side() { # SIDE
	local took
	stock_empty
	took=$(seconds_of "${@:2}")
	[ "$(sql -c 'select count(*) from contract')" = "$contracts" ] || die "$1 did not leave $contracts contracts"
	figure import "$1" "$(awk -v n="$contracts" -v s="$took" 'BEGIN { printf "%.1f", n / s }')"
	say "    $1: $took s"
}

part_import() {
	local round
	cluster_start
	printf 'broker: bench\nstate: %s\ndatabase: "host=%s user=vorpost dbname=vorpost"\ninsurers: [ %s ]\nlog: warn\n' \
		"$place/state" "$place/socket" "$root/fixtures/insurers" >"$place/vorpost.yaml"
	v init --broker bench >/dev/null
	say "  $contracts contracts"
	"$bin/tests/bench/bench_stock" "$contracts" >"$place/stock.gdv"
	for round in $(seq "$import_rounds"); do
		import_side vorpost v contracts import "$place/stock.gdv"
		[ "${BENCH_IMPORT_COPY:-yes}" = yes ] || continue
		sql -c "\\copy (select * from contract) to '$place/contract.rows'" -c "\\copy (select * from contract_name) to '$place/name.rows'"
		import_side copy copy_bare
	done
	say "    $(sql -c "select pg_size_pretty(pg_database_size('vorpost')) || ' database, ' || (select count(*) from contract_name) || ' names'")"
	medians import "contracts/s"
	[ "${BENCH_IMPORT_COPY:-yes}" != yes ] || goal "import of $contracts GDV contracts against bare COPY of the same rows" import vorpost copy 0.5
	cluster_stop
	cluster=
}
