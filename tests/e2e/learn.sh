# learn.sh -- pictures from the stock: proposed, accepted by a person, noticed by a running daemon, given away, forgotten. Sourced by e2e.sh.

test_learn() {
	local folder=$place/learn number
	mkdir -p "$folder/insurers" && chmod 755 "$folder" "$folder/insurers" || return
	conf=$folder.yaml
	printf 'broker: learn\nstate: %s\nworkers: 1\ninsurers: [ %s/insurers ]\n' "$folder/state" "$folder" >"$conf"
	printf 'issuer: nord\nname: Nord\ncarriers: [ { vu: "9911", name: Nord AG, source: invented, confidence: inferred } ]\n' >"$folder/insurers/nord.yaml"
	awk 'BEGIN { print "contract_id,vu,number,printed_number,other_numbers,line"
		for (i = 0; i < 90; i++) { n = 100000007 + i * 7777; printf "C%d,9911,NL%d,NL-%d,%s,051\n", i, n, n, i % 3 ? "" : n } }' >"$folder/stock.csv"
	expect "learn: import" 0 v contracts import "$folder/stock.csv"
	expect "learn: proposals" 0 v insurers learn
	says "learn: the picture" '^ *[0-9]{5} +nord +050 +\[NL-\]#{9} .* stands +90 +90 +30 +30 +0 ' "$place/out"
	number=$(sed -nE 's/^ *([0-9]{5}) +nord .*/\1/p' "$place/out")
	expect "learn: JSON" 0 v insurers learn nord --output json
	is_json "$place/out" && good || bad "insurers learn is no JSON" "$place/out"
	expect "learn: nothing is used before" 0 v number explain --vu 9911 100000007
	says_not "learn: nothing is used before" 'NL100000007' "$place/out"
	expect "learn: too few" 0 v insurers learn nord --min-support 31
	says_not "learn: too few" '\[NL' "$place/out"
	start "$folder/serve.out" "$build/vorpost" --config "$conf" serve
	await 240 has_line "$folder/serve.out" 'vorpost serves' || bad "serve does not start" "$folder/serve.out"
	expect "learn: a number that is none" 66 v insurers learn --accept 10000
	expect "learn: accept" 0 v insurers learn nord --accept "$number" --by anna
	says "learn: what to do next" 'match again --insurer nord --dry-run' "$place/out"
	await 240 has_line "$folder/serve.out" 'insurer files read again' && good || bad "the daemon does not notice" "$folder/serve.out"
	stop "$last"
	expect "learn: it is used" 0 v number explain --vu 9911 100000007
	says "learn: it is used" 'NL100000007' "$place/out"
	expect "learn: the file proves itself" 0 v insurers check --stock
	expect "learn: who accepted" 0 v insurers show nord
	says "learn: who accepted" 'accepted by anna on .*draws 90 of 90' "$place/out"
	expect "learn: export" 0 v insurers learn nord --export
	says_not "learn: no name goes out" 'anna|10000' "$place/out"
	expect "learn: forget" 0 v insurers learn nord --forget all
	expect "learn: it is gone" 66 v insurers learn nord --export
}
