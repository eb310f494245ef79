# rules.sh -- vorpost beside the rules that are met in the field, edit distance and pg_trgm, on the same labelled documents over the
# same stock in the same PostgreSQL: precision (of what is filed), recall (of what belongs to a contract of the stock), wrong
# customers, documents a second one after the other. Sourced by bench.sh.
#   BENCH_RULES_CONTRACTS=100000  BENCH_RULES_DOCUMENTS=30000  BENCH_RULES_PROFILE=field  BENCH_RULES_SEED=21
#   BENCH_RULES_SLOW=3000: edit distance and pg_trgm get only the first ones, else they take an hour
#   BENCH_QUICK=1 (./run bench rules --quick): 10,000 contracts, 3,000 documents, 1,000 for the slow ones

rules_database() { # NAME CONTRACTS.csv
	psql -Xq -h "$place/socket" -U vorpost -d postgres -c "create database $1 template template0"
	printf 'broker: bench\nstate: %s\ndatabase: "host=%s user=vorpost dbname=%s"\ninsurers: [ %s ]\nlog: warn\n' \
		"$place/state-$1" "$place/socket" "$1" "$root/insurers" >"$place/$1.yaml"
	"$bin/vorpost" --config "$place/$1.yaml" init --broker bench >/dev/null
	"$bin/vorpost" --config "$place/$1.yaml" contracts import "$2" --quiet >"$place/import.out" 2>&1 ||
		[ $? -eq 65 ] || die "the stock: $(tail -1 "$place/import.out")"
	psql -Xq -v ON_ERROR_STOP=1 -h "$place/socket" -U vorpost -d "$1" -f "$here/rules/stock.sql" >/dev/null
}

rules_measure() { # DATABASE RULE [THRESHOLD]: "FILED RIGHT WRONG_CUSTOMER ..." of bench_rules
	local conninfo="host=$place/socket user=vorpost dbname=$1" documents=$place/labelled/documents.csv
	case $2 in
	vorpost) "$bin/tests/bench/bench_rules" vorpost "$conninfo" "$documents" "$root/insurers" 2>/dev/null ;;
	edit|trgm)
		PGOPTIONS="-c pg_trgm.similarity_threshold=${3:-0.3}" \
			"$bin/tests/bench/bench_rules" "$here/rules/$2.sql" "$conninfo" "$place/labelled/first.csv" ;;
	*) "$bin/tests/bench/bench_rules" "$here/rules/$2.sql" "$conninfo" "$documents" ;;
	esac
}

rules_row() { # WORDS RULE [THRESHOLD]
	local words=$1 printed cold
	shift
	printed=$(rules_measure printed "$@") || die "bench_rules $*"
	cold=$(rules_measure cold "$@") || die "bench_rules $*"
	printf '%s|%s|%s\n' "$words" "$printed" "$cold" | awk -F '|' '
		function three(n) {
			split(n, f, " ")
			rate = f[7] > 0 ? f[6] / f[7] : 0
			return sprintf("%8.3f %% | %7.2f %% | %5d", f[1] ? 100 * f[2] / f[1] : 0, f[5] ? 100 * f[2] / f[5] : 0, f[3])
		}
		{ printf "| %-45s | %s | ", $1, three($2); a = rate; printf "%s | %6d | %5.0f |\n", three($3), f[6], a }'
}

part_rules() {
	local contracts=${BENCH_RULES_CONTRACTS:-100000} documents=${BENCH_RULES_DOCUMENTS:-30000}
	local slow=${BENCH_RULES_SLOW:-3000} profile=${BENCH_RULES_PROFILE:-field} seed=${BENCH_RULES_SEED:-21}
	[ -z "${BENCH_QUICK:-}" ] || { contracts=10000 documents=3000 slow=1000; }
	cluster_start
	"$bin/vorpost-generate" --labelled "$place/labelled" --profile "$profile" --count "$contracts" --documents "$documents" \
		--seed "$seed" >/dev/null
	head -n $((slow + 1)) "$place/labelled/documents.csv" >"$place/labelled/first.csv"
	rules_database printed "$place/labelled/contracts.csv"
	rules_database cold "$place/labelled/contracts-cold.csv"
	say "  $contracts contracts, $documents documents, profile $profile, seed $seed"
	{
		printf '| rule | precision, printed numbers | recall | wrong customer | precision, cold | recall | wrong customer | documents | a second |\n'
		printf '|---|---|---|---|---|---|---|---|---|\n'
		rules_row "Vorpost" vorpost
		rules_row "strip and upper, insurer ignored" strip
		rules_row "strip and upper, same VU" strip_vu
		rules_row "digits without leading zeros, insurer ignored" digits
		rules_row "digits without any zeros, insurer ignored" digits_no_zero
		rules_row "nearest by edit distance, at most 2, same VU" edit
		rules_row "pg_trgm, most similar, at least 0.5, same VU" trgm 0.5
		rules_row "pg_trgm, at least 0.7" trgm 0.7
		rules_row "pg_trgm, at least 0.9" trgm 0.9
	} | tee "$place/rules"
	cluster_stop
	cluster=
}
