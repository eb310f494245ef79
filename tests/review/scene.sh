# scene.sh -- a broker's office to test the API and the page in: a stock, insurers that delivered, a queue, customers who were
# told, and `vorpost serve` that listens. Sourced after lib.sh; everything below $place.

source "$root/tests/e2e/way.sh"

scene_begin() { # NAME: way.sh makes its scenes with it
	broker=$1
	conf=$place/$1.yaml
	config "$conf" "$broker" "$state"
	printf 'listen: "127.0.0.1:0"\n' >>"$conf"
}

# Sets url; the office has shipments of all four insurers, of which some documents wait. All delivered once.
office_open() { # NAME CONTRACTS SHIPMENTS
	state=$place/state
	scene_begin "$1"
	cluster_lay "$state"
	v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; return 1; }
	cluster_keep "$state"
	v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; return 1; }
	stock_make "$place/stock.gdv" "$2" 4711
	secret_make "$place/secrets/push"
	scene_sandbox "$1" "$3" 4711 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return 1
	v poll --once --quiet >"$place/round" 2>&1 || { bad "the first round" "$place/round"; return 1; }
	v events deliver --quiet >"$place/out" 2>&1
}

serve_open() { # [OPTION...]: sets serve and url
	start "$place/serve" "$build/vorpost" --config "$conf" serve "$@"
	serve=$last
	await 240 has_line "$place/serve" 'address=http://' || { bad "serve does not listen" "$place/serve"; return 1; }
	url=$(grep -oE 'http://[0-9.:]+' "$place/serve" | head -1)
}
