# bus.sh -- the commands about an endpoint that is a NATS server. Sourced by e2e.sh.

free_port() { node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'; }

# The answer is this one; while the server does not answer in time, it is asked again.
refuses_for() { # WHAT ENDPOINT WORDS
	local tries=0
	while [ $tries -lt 240 ]; do
		v endpoint test "$2" >"$place/out" 2>"$place/err"
		[ $? -eq 75 ] || { bad "$1: another exit" "$place/err"; return; }
		if grep -q "$3" "$place/err"; then good; return; fi
		grep -qE 'in time|no server answers' "$place/err" || { bad "$1: another reason" "$place/err"; return; }
		tries=$((tries + 1))
		sleep 0.25
	done
	bad "$1: never" "$place/err"
}

test_bus() {
	local port server
	scene_begin bus
	port=$(free_port)
	printf 'listen: "127.0.0.1:%s"\njetstream { store_dir: "%s/jetstream" }\nauthorization { user: v, password: w7x8 }\n' \
		"$port" "$place" >"$place/nats.conf"
	start "$place/nats.log" nats-server -c "$place/nats.conf"
	server=$last
	await 240 has_line "$place/nats.log" 'Server is ready' || { bad "the NATS server does not start" "$place/nats.log"; return; }
	(umask 077; printf 'v:w7x8\n' >"$place/secrets/bus"; printf 'v:w7x9\n' >"$place/secrets/bus.wrong")

	expect "this machine needs a word" 64 v endpoint add bus "nats://127.0.0.1:$port/vorpost"
	says "it says which" allow-private "$place/err"
	expect "no password in the URL" 64 v endpoint add bus "nats://v:w7x8@127.0.0.1:$port/vorpost" --allow-private
	says_not "and it is not repeated" w7x8 "$place/err"
	expect "a login that is not there is not made up" 78 v endpoint add bus "nats://127.0.0.1:$port/vorpost" --allow-private \
		--secret-file "$place/secrets/nothing"
	expect "added" 0 v endpoint add bus "nats://127.0.0.1:$port/vorpost" --allow-private --secret-file "$place/secrets/bus"
	expect "added with a wrong login" 0 v endpoint add wrong "nats://127.0.0.1:$port/vorpost" --allow-private \
		--secret-file "$place/secrets/bus.wrong"
	expect "added without a login" 0 v endpoint add bare "nats://127.0.0.1:$port/vorpost" --allow-private
	refuses_for "no stream, and it says so" bus 'no stream takes this subject'
	refuses_for "wrong login, and it says so" wrong 'login was refused'
	expect "no login" 75 v endpoint test bare
	expect "nothing to rotate" 69 v endpoint rotate bus
	expect "nothing is signed" 69 v endpoint key bus
	v doctor >"$place/out" 2>&1
	says "the doctor looks at it" 'bare +0 events behind' "$place/out"
	stop "$server"
	expect "nobody there" 75 v endpoint test bus
	says "it says so" 'no server answers there' "$place/err"
}
