# way.sh -- the whole way, judged against the generator's truth; and what real services do to those who ask. Sourced by e2e.sh.

# A sandbox with so many shipments and all four insurers as connections of a broker of its own.
scene_sandbox() { # NAME SHIPMENTS SEED [SANDBOX OPTION...]
	local name=$1 count=$2 seed=$3
	shift 3
	scene_begin "$name"
	folder=$place/$name
	log=$place/$name.log
	received=$place/$name.received
	mkdir -p "$folder" && : >"$log"
	shipments_make "$folder" "$place/stock.gdv" "$count" "$seed" || { bad "shipments for $name" "$folder.err"; return 1; }
	v contracts import "$place/stock.gdv" --quiet >"$place/out" 2>&1 || bad "the stock for $name" "$place/out"
	sandbox_start "$folder" "$log" "$@" || return 1
	for insurer in $insurers_of_sandbox; do
		connection_add "$insurer" "$insurer" "$base" "$folder/tls/ca.pem" || bad "connection $insurer for $name"
	done
	receiver_start "$received" "$place/secrets/push" || return 1
	v endpoint add push "$receiver_url" --secret-file "$place/secrets/push" --types all --allow-private --quiet
}
scene_end() { stop "$sandbox" "$receiver"; }

judge_scene() { judge "$1" "$broker" "$folder" "$log" --received "$received" --truth "$folder/truth.csv"; }
rows_of_broker() {
	sql -v b="$broker" <<<"select (select count(*) from shipment where broker = :'b'), (select count(*) from document where broker = :'b'),
		(select count(*) from event where broker = :'b' and type like 'document.%')"
}
outcomes() { grep -cE "\"operation\":\"$1\".*$2" "$log"; } # OPERATION PATTERN

test_whole_way() {
	local before
	scene_sandbox way 300 4711 || return
	# Moods, throttling and short tokens are part of it: what one round leaves is the next one's.
	for _ in 1 2 3 4; do v poll --once --quiet >"$place/round" 2>&1; done
	judge_scene "the whole way" && say "the whole way: $(cat "$place/verdict")"
	before=$(rows_of_broker)
	expect "a second round" 0 v poll --once --quiet
	same "a second round adds nothing" "$(rows_of_broker)" "$before"
	judge_scene "after the second round"
	same "every signature was valid" "$(grep -c '"signature":"valid"' "$received")" "$(wc -l <"$received")"
	scene_end
}

# The insurers forget what was acknowledged, and a pool delivers the same again over connections of its own: everything
# is kept, nothing is news.
test_redelivered() {
	local before
	scene_sandbox redelivered 40 29 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	expect "the first delivery" 0 v poll --once --quiet
	before=$(sql -v b="$broker" <<<"select count(*), count(*) filter (where state = 'filed') from document where broker = :'b'")
	stop "$sandbox"
	find "$folder" -name acknowledged -delete
	sandbox_start "$folder" "$log" --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	for insurer in $insurers_of_sandbox; do
		v connection pause "$insurer" --quiet >/dev/null 2>&1
		connection_add "pool-$insurer" "$insurer" "$base" "$folder/tls/ca.pem" || bad "connection pool-$insurer"
	done
	expect "the same again, over a pool" 0 v poll --once --quiet
	same "every document is kept again, and filed again" "$(sql -v b="$broker" <<<"select count(*), count(*) filter
		(where state = 'filed') from document where broker = :'b' and connection like 'pool-%'")" "$before"
	same "as a duplicate of the first" "$(sql -v b="$broker" <<<"select count(*) from document d join document f
		on f.broker = d.broker and f.document_id = d.duplicate_of and f.contract_id = d.contract_id and f.sha256 = d.sha256
		where d.broker = :'b' and d.connection like 'pool-%' and f.connection not like 'pool-%'")" "${before#*|}"
	same "nothing is attached as news" "$(sql -v b="$broker" <<<"select count(*) from event e where broker = :'b' and
		type = 'document.attached' and payload #>> '{shipment,connection}' like 'pool-%'")" 0
	scene_end
}

test_throttled() {
	scene_sandbox throttled 40 5 --misbehave '*:throttle_every=5' --misbehave '*:nok_every=0'
	expect "a round that is throttled goes through" 0 v poll --once
	[ "$(grep -c '"outcome":"throttled"' "$log")" -ge 8 ] && good || bad "the sandbox throttled" "$log"
	judge_scene "throttled"
	scene_end
}

test_token_expires() {
	scene_sandbox expiring 40 6 --misbehave '*:token_life_calls=4' --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0'
	expect "tokens that end in the middle of the round" 0 v poll --once
	expired=$(outcomes '[a-zA-Z]*' '"code":"00962"')
	[ "$expired" -ge 8 ] && good || bad "tokens ended $expired times" "$log"
	same "one login more for each" "$(outcomes RequestSecurityToken '"outcome":"ok"')" "$((expired + 4))"
	judge_scene "expired tokens"
	scene_end
}

test_acknowledgement_lost() {
	scene_sandbox unheard 40 8 --misbehave '*:lose_acknowledgement_every=3' --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0'
	v poll --once --quiet >"$place/round" 2>&1
	[ "$(grep -c '"lost":true' "$log")" -ge 8 ] && good || bad "the sandbox lost answers" "$log"
	expect "the next list settles it" 0 v poll --once
	judge_scene "lost acknowledgements"
	scene_end
}

test_bodies_cut() {
	scene_sandbox cut 40 9 --misbehave '*:cut_body_every=4' --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0'
	for _ in 1 2 3 4; do v poll --once --quiet >"$place/round" 2>&1; done
	[ "$(grep -c '"outcome":"cut"' "$log")" -ge 4 ] && good || bad "the sandbox cut answers" "$log"
	judge_scene "answers cut in the middle"
	scene_end
}

test_two_rounds_at_once() {
	scene_sandbox both 120 10 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0'
	v poll --once --workers 2 --quiet >"$place/one" 2>&1 </dev/null &
	local one=$! code
	v poll --once --workers 2 --quiet >"$place/two" 2>&1 </dev/null
	same "one of two rounds at once" "$?" 0
	wait "$one"
	code=$?
	same "the other of two rounds at once" "$code" 0
	judge_scene "two rounds at once"
	same "no document was fetched twice" "$(outcomes getShipment '"outcome":"ok"')" 120
	scene_end
}

# While the insurers hold their breath in the middle of a round, the postmaster dies. The caller lets them breathe again.
database_kill() { # ACKNOWLEDGEMENTS MOST: after so many; a round of MOST must not be over
	await 240 has_lines "$log" '"outcome":"acknowledged"' "$1" || bad "the round does not get going" "$place/round"
	kill -STOP "$sandbox"
	kill -9 "$(head -1 "$state/postgres/postmaster.pid")"
	[ "$(grep -c '"outcome":"acknowledged"' "$log")" -lt "$2" ] && good || bad "the round was over before the database died"
}

# The next command starts the database again, and the round goes on.
test_database_dies() {
	scene_sandbox bereft 400 11 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0'
	v poll --once --workers 2 --quiet >"$place/round" 2>&1 </dev/null &
	local round=$! code
	database_kill 10 400
	await 240 v stats >/dev/null 2>&1 || bad "the database does not come again" "$state/postgres.log"
	judge "nothing acknowledged that is not stored" "$broker" "$folder" "$log" --received "$received" --midway
	kill -CONT "$sandbox"
	wait "$round"
	code=$?
	same "the round went on by itself" "$code" 0
	expect "the round after" 0 v poll --once --quiet
	judge_scene "after the database died"
	scene_end
}
