# compare.sh -- `vorpost number compare --batch` against node's plain fold over the same CSV. Sourced by bench.sh.

rows=${BENCH_ROWS:-1000000}

compare_run() { # SIDE
	local began ended
	began=$EPOCHREALTIME
	case $1 in
	vorpost) "$bin/vorpost" number compare --batch <"$place/numbers.csv" >"$place/compared.vorpost" ;;
	node)    node "$here/peers/compare.js" <"$place/numbers.csv" >"$place/compared.node" ;;
	esac || die "$1 did not compare"
	ended=$EPOCHREALTIME
	[ "$(wc -l <"$place/compared.$1")" -eq $((rows + 1)) ] || die "$1: rows are missing"
	figure compare "$1" "$(awk -v a="$began" -v b="$ended" -v n="$rows" 'BEGIN { printf "%.0f", n / (b - a) }')"
}

part_compare() {
	local round side
	say "  $rows pairs, the whole program with its start"
	/usr/bin/python3 "$here/numbers.py" "$rows" >"$place/numbers.csv"
	for round in $(seq "$rounds"); do
		for side in vorpost node; do compare_run "$side"; done
	done
	cut -d, -f1-4 "$place/compared.vorpost" | cmp -s - "$place/numbers.csv" || die "the columns that went in did not come out"
	medians compare "pairs/s"
	goal "compare / node's plain fold" compare vorpost node 5
}
