# users.sh -- accounts by the command line, each word tried at the login page of a daemon that runs. Sourced by e2e.sh.

# Logs in at $url and prints the status; the cookie is in $place/cookie.
log_in() { # USER PASSWORD
	node -e 'const [at, user, password, cookie] = process.argv.slice(1);
		fetch(at + "/api/v1/login", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ user, password }) })
			.then((answer) => { require("fs").writeFileSync(cookie, (answer.headers.get("set-cookie") ?? "").split(";")[0]); console.log(answer.status); },
				(error) => console.log(error.message))' "$url" "$1" "$2" "$place/cookie"
}
whoami_says() { # PATTERN: of GET /me with the cookie
	node -e 'const [at, cookie] = process.argv.slice(1);
		fetch(at + "/api/v1/me", { headers: { Cookie: require("fs").readFileSync(cookie, "utf8") } })
			.then(async (answer) => console.log(answer.status, await answer.text()))' "$url" "$place/cookie" >"$place/me"
	grep -qE -- "$1" "$place/me"
}
is_me() { whoami_says "$2" && good || bad "$1: nothing like /$2/ in" "$place/me"; } # WHAT PATTERN

users_serve() {
	printf 'listen: "127.0.0.1:0"\n' >>"$conf"
	serve_start "$place/users.serve"
	await 240 has_line "$place/users.serve" 'address=http://' || { bad "serve does not listen" "$place/users.serve"; return 1; }
	url=$(grep -oE 'http://[0-9.:]+' "$place/users.serve" | head -1)
}

users_refused() {
	printf 'short\n' >"$place/secrets/short"
	printf 'this is jana 4711\n' >"$place/secrets/name"
	expect "a name that is none" 64 v user add 'Jana Brandt' --password-file "$place/secrets/jana"
	expect "a role that is none" 64 v user add jana --role boss --password-file "$place/secrets/jana"
	says "it says which there are" 'clerk, lead, operator, read-only' "$place/err"
	expect "a password that is too short" 64 v user add jana --password-file "$place/secrets/short"
	expect "a password with the own name" 64 v user add jana --password-file "$place/secrets/name"
	expect "a password on the command line" 64 v user add jana --password 'on the command line'
	expect "a file that is not there" 64 v user add jana --password-file "$place/secrets/nowhere"
	for what in "change nobody --disable" "remove nobody"; do
		expect "user $what" 66 v user $what
		says "it says who is meant" "no user 'nobody'" "$place/err"
	done
	expect "two wishes at once" 64 v user change nobody --disable --enable
	same "nothing of it is an account" "$(sql -v b="$broker" <<<"select count(*) from app_user where broker = :'b'")" 0
}

users_made() {
	local drawn
	expect "the first lead" 0 v user add jana --name "Jana Brandt" --role lead --password-file "$place/secrets/jana"
	says_not "a password that was given is not shown" 'an example' "$place/out"
	expect "a name that is taken" 69 v user add jana --password-file "$place/secrets/jana"
	says "it says so" 'user jana already' "$place/err"
	expect "a clerk with a drawn password" 0 v --quiet user add kim
	drawn=$(cat "$place/out")
	[ "${#drawn}" -ge 20 ] && good || bad "the drawn password is short" "$place/out"
	same "kim logs in with it" "$(log_in kim "$drawn")" 200
	is_me "as a clerk" '"role":"clerk"'
	same "jana logs in" "$(log_in jana 'an example for tests 4711')" 200
	is_me "as a lead" '"name":"Jana Brandt","role":"lead"'
	same "not with another's" "$(log_in jana "$drawn")" 401
	same "no password is kept as it is" "$(sql -v p="$drawn" <<<"select count(*) from app_user where password like '%' || :'p' || '%'")" 0
	for how in json csv; do
		expect "user list --output $how" 0 v user list --output $how
		"is_$how" "$place/out" && good || bad "user list is no $how" "$place/out"
	done
	says "the list" '^jana,Jana Brandt,lead,active' "$place/out"
	expect "who is logged in" 0 v user sessions jana
	says "one is" 'jana .*127\.0\.0\.1' "$place/out"
}

# Whoever loses rights or password is logged out at once.
users_changed() {
	local fresh
	same "kim logs in by a new password" "$(expect "a new one" 0 v --quiet user change kim --new-password; fresh=$(cat "$place/out"); log_in kim "$fresh")" 200
	expect "kim becomes an operator" 0 v user change kim --role operator
	is_me "the session is over" '^401 '
	fresh=$(v --quiet user change kim --new-password)
	same "kim logs in" "$(log_in kim "$fresh")" 200
	is_me "and is one" '"role":"operator"'
	expect "kim is disabled" 0 v user change kim --disable
	is_me "the session of who is disabled is over" '^401 '
	same "nor can one log in" "$(log_in kim "$fresh")" 401
	expect "kim is enabled" 0 v user change kim --enable
	same "and can log in" "$(log_in kim "$fresh")" 200
	expect "all sessions are ended" 0 v user sessions kim --end
	is_me "it is over" '^401 '
	expect "--end for everybody" 64 v user sessions --end
	for what in "--disable" "--role clerk"; do
		expect "the last lead stays: $what" 69 v user change jana $what
		says "it says why" 'last lead' "$place/err"
	done
	expect "kim is removed" 0 v user remove kim
	same "and is nobody" "$(log_in kim "$fresh")" 401
}

test_users() {
	scene_begin users
	(umask 077; printf 'an example for tests 4711\n' >"$place/secrets/jana")
	v migrate >/dev/null 2>&1
	users_serve || return
	users_refused
	users_made
	users_changed
	same "all of it is in the audit log" "$(sql -v b="$broker" <<<"select string_agg(distinct action, ' ' order by action) from audit where broker = :'b'")" \
		"login login.refused session.end user.add user.change user.remove"
	stop "$serve"
}
