# canonical.sh -- the stock's numbers in the insurers' own form: shown, done, told, taken back. Sourced by e2e.sh.

numbers_of_stock() { sql -v b="$broker" <<<"select string_agg(number, ' ' order by contract_id) from contract where broker = :'b'"; }
renumbered_events() { sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and type = 'contract.renumbered'"; }

test_canonical() {
	local before='k 123 456 789 K-123/456790 K123456791 47-11' after='K123456789 K123456790 K123456791 47-11' run
	scene_begin canonical
	printf '%s\n' contract_id,vu,number 'A,5992,k 123 456 789' B,5992,K-123/456790 C,5992,K123456791 D,5992,47-11 >"$place/canonical.csv"
	expect "canonical: import" 0 v contracts import "$place/canonical.csv"
	expect "canonical: what would change" 0 v contracts canonicalise --dry-run
	says "canonical: what would change" '4 contracts looked at: 2 would be renumbered' "$place/out"
	same "canonical: nothing was changed" "$(numbers_of_stock) $(renumbered_events)" "$before 0"
	expect "canonical: done" 0 v contracts canonicalise --by anna
	same "canonical: read in one way, or left alone" "$(numbers_of_stock)" "$after"
	same "canonical: told for each" "$(renumbered_events)" 2
	expect "canonical: once more" 0 v contracts canonicalise
	same "canonical: once more changes nothing" "$(numbers_of_stock) $(renumbered_events)" "$after 2"
	expect "canonical: the former spelling is still a name" 0 v contracts show A
	says "canonical: the former spelling is still a name" 'k 123 456 789' "$place/out"
	expect "canonical: the runs" 0 v contracts canonicalise --list --output csv
	run=$(sed -nE 's/^([0-9a-f-]{36}),.*anna.*/\1/p' "$place/out")
	expect "canonical: a run that is none" 64 v contracts canonicalise --undo 4711
	expect "canonical: taken back" 0 v contracts canonicalise --undo "$run"
	same "canonical: as it was" "$(numbers_of_stock)" "$before"
}
