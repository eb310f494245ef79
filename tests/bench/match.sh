# match.sh -- the matcher against what it stands on: PCRE2's fold, bare look-ups, ten times the stock, pg_trgm, brute force,
# and the queue matched again. Private PostgreSQL, two databases of different size. Sourced by bench.sh.
#   BENCH_QUICK=1 (./run bench match --quick): 100,000 and 1 million contracts instead of 1 and 10 million
#   BENCH_MATCH="labelled key decide near beyond again": only these parts; the large stock is made for decide and near alone
#   BENCH_SEED=N: of the labelled sets; without it one that nobody has seen
#   BENCH_QUEUED=100000: documents of the queue for again

match_database() { # NAME CONTRACTS
	local began
	began=$(now)
	psql -Xq -h "$place/socket" -U vorpost -d postgres -c "create database $1 template template0"
	printf 'broker: bench\nstate: %s\ndatabase: "host=%s user=vorpost dbname=%s"\ninsurers: [ %s ]\nlog: warn\n' \
		"$place/state-$1" "$place/socket" "$1" "$root/insurers" >"$place/$1.yaml"
	"$bin/vorpost" --config "$place/$1.yaml" init --broker bench >/dev/null
	psql -Xq -v ON_ERROR_STOP=1 -v contracts="$2" -h "$place/socket" -U vorpost -d "$1" -f "$here/match_stock.sql" >/dev/null
	say "  $2 contracts with their names made in $(awk -v a="$began" -v b="$(now)" 'BEGIN { printf "%.0f", b - a }') s"
}

conninfo_of() { printf 'host=%s user=vorpost dbname=%s' "$place/socket" "$1"; }

# PART SIDE NAME of the figure, then the words for bench_match: a rate.
match_figure() {
	local part=$1 side=$2 line
	shift 2
	line=$("$bin/tests/bench/bench_match" "$@") || die "bench_match $*"
	figure "$part" "$side" "$(awk '{ printf "%.2f", $1 / $2 }' <<<"$line")"
}

match_key() {
	local round side
	say "  spelling to key, eight mixed spellings"
	for round in $(seq "$rounds"); do
		for side in vorpost pictures pcre2; do match_figure key $side key $side "$seconds" "$root/insurers"; done
	done
	medians key "numbers/s"
	goal "spelling to key / PCRE2 JIT" key vorpost pcre2 4
	goal "spelling to key with the insurer's pictures / PCRE2 JIT" key pictures pcre2 ""
}

match_decide() {
	local round side
	say "  decisions in batches of 200: documents to verdicts, and bare look-ups of the same keys"
	for round in $(seq "$rounds"); do
		for side in vorpost bare joined; do
			match_figure decide $side decide $side "$seconds" "$round" "$(conninfo_of small)" "$small" "$root/insurers"
		done
		match_figure decide vorpost-large decide vorpost "$seconds" "$round" "$(conninfo_of large)" "$large" "$root/insurers"
		match_figure decide bare-large decide bare "$seconds" "$round" "$(conninfo_of large)" "$large" "$root/insurers"
	done
	medians decide "documents/s"
	goal "decisions / bare = ANY of names" decide vorpost bare 0.7
	goal "decisions / = ANY of names with their contracts" decide vorpost joined ""
	goal "decisions, $large contracts / $small (a cost of at most 1.6 times)" decide vorpost-large vorpost 0.625
	goal "bare = ANY, $large contracts / $small" decide bare-large bare ""
}

match_near() {
	local round count database
	for database in small large; do
		count=${!database}
		say "  suggestions at distance one, $count contracts"
		"$bin/tests/bench/bench_match" recall 20 7 "$(conninfo_of $database)" "$count" "$root/insurers" >"$place/recall" ||
			die "brute force found $(cut -d' ' -f1 "$place/recall") neighbours, $(cut -d' ' -f2 "$place/recall") of them we did not"
		say "    recall against brute force: all $(cut -d' ' -f1 "$place/recall") neighbours of 20 numbers found"
		psql -Xq -h "$place/socket" -U vorpost -d $database -c 'create index if not exists bench_trgm on contract_name using gin (key gin_trgm_ops)'
		for round in $(seq "$rounds"); do
			match_figure near-$database vorpost near vorpost "$seconds" "$round" "$(conninfo_of $database)" "$count" "$root/insurers"
			match_figure near-$database trgm near trgm "$seconds" "$round" "$(conninfo_of $database)" "$count" "$root/insurers"
		done
		medians near-$database "numbers/s"
		goal "distance one / pg_trgm, $count contracts" near-$database vorpost trgm "$([ $database = small ] && echo 100 || echo 500)"
	done
}

# Documents whose number has a part too many: all of the way to a suggestion, beyond_find.sql with it.
match_beyond() {
	local round
	say "  suggestions beyond the number, documents in batches of 200, $small contracts"
	for round in $(seq "$rounds"); do
		match_figure beyond waiting decide waiting "$seconds" "$round" "$(conninfo_of small)" "$small" "$root/insurers"
		match_figure beyond filed decide vorpost "$seconds" "$round" "$(conninfo_of small)" "$small" "$root/insurers"
	done
	medians beyond "documents/s"
	goal "documents that only what is beyond explains / documents that are filed" beyond waiting filed ""
}

# A queue of documents with one slip in the number, decided again in bulk, and a sample one by one.
match_again() {
	local began ended line
	say "  $queued queued documents matched again"
	psql -Xq -v ON_ERROR_STOP=1 -v documents="$queued" -v contracts="$small" -h "$place/socket" -U vorpost -d small -f "$here/match_queue.sql" >/dev/null
	match_figure again single single 300 1 "$(conninfo_of small)" "$small" "$root/insurers"
	began=$(now)
	"$bin/vorpost" --config "$place/small.yaml" match again --dry-run >"$place/again" || die "match again: $(cat "$place/again")"
	ended=$(now)
	grep -q "^$queued documents" "$place/again" || die "match again saw other documents: $(cat "$place/again")"
	figure again bulk "$(rate "$began" "$ended" "$queued")"
	say "    $(cat "$place/again")"
	medians again "documents/s"
	goal "queue again in bulk / one by one" again bulk single ""
}

# How right the decisions are on documents whose contract is known, both sets of the generator: after a GDV stock, and cold, with the numbers
# as the broker typed them.
match_labelled() {
	local contracts=100000 documents=30000 seed=${BENCH_SEED:-$((RANDOM * 32768 + RANDOM))} profile stock
	[ -z "${BENCH_QUICK:-}" ] || { contracts=10000; documents=3000; }
	say "  decisions on $documents labelled documents, $contracts contracts, seed $seed"
	mkdir -p "$place/labelled"
	for profile in plain field; do
		"$bin/vorpost-generate" --labelled "$place/labelled" --profile $profile --count $contracts --documents $documents --seed "$seed" >/dev/null
		for stock in contracts.gdv contracts-cold.csv; do
			"$bin/vorpost" match evaluate --contracts "$place/labelled/$stock" --history "$place/labelled/history.csv" \
				--documents "$place/labelled/documents.csv" --quiet >"$place/labelled/out" || [ $? -eq 65 ] ||
				die "match evaluate: $(tail -1 "$place/labelled/out")"
			case $stock in
			*.gdv) match_labelled_goals "$profile set, after a GDV stock" 90 <"$place/labelled/out" ;;
			*) match_labelled_goals "$profile set, cold" 75 <"$place/labelled/out" ;;
			esac
		done
	done
}

match_labelled_goals() { # NAME PERCENT FILED
	awk -v name="$1" -v wanted="$2" '
		function goal(what, met) { printf "goal labelled, %s: %s: %s\n", name, what, met ? "met" : "MISSED" }
		$1 == "all" && $2 == "all" {
			goal($8 " of " $3 " at a stranger'"'"'s contract, wanted 0", $8 == 0)
			goal($9 " at another contract of the customer, wanted at most 1 in 2,000", $9 * 2000 <= $3)
			goal($5 " % filed, wanted " wanted, $5 >= wanted)
			goal($11 " % of the queue with the right contract in the top 3, wanted 95", $11 >= 95)
		}' >>"$place/goals"
}

part_match() {
	local small=1000000 large=10000000 queued=${BENCH_QUEUED:-100000} part parts=${BENCH_MATCH:-labelled key decide near beyond again}
	[ -z "${BENCH_QUICK:-}" ] || { small=100000; large=1000000; queued=${BENCH_QUEUED:-2000}; }
	for part in $parts; do
		case $part in
		key | labelled) continue ;;
		decide | near) database_wanted large ;;
		beyond | again) ;;
		*) die "BENCH_MATCH: there is no part '$part'; parts: labelled key decide near beyond again" ;;
		esac
		database_wanted small
	done
	for part in $parts; do "match_$part"; done
}

# Once, in the cluster that the first one starts.
database_wanted() { # small or large
	[ ! -e "$place/$1.yaml" ] || return 0
	[ -n "${cluster:-}" ] || cluster_start
	match_database "$1" "${!1}"
}
