# daemon.sh -- vorpost serve: starts, polls, delivers, drains, and leaves nothing behind when it is killed. Sourced by e2e.sh.

serve_start() { # LOG: sets serve (its id)
	start "$1" "$build/vorpost" --config "$conf" serve
	serve=$last
}
roles_of() { pgrep -P "$1" | paste -sd' '; }
all_gone() { local pid; for pid in "$@"; do gone "$pid" || return 1; done; }
acknowledged_all() { [ "$(cat "$folder"/*/acknowledged 2>/dev/null | wc -l)" -ge "$1" ]; }                      # COUNT
delivered_all() {
	[ "$(sql -v b="$broker" <<<"select coalesce(bool_and(position is not null), false) and count(*) = (select min(position) from endpoint where broker = :'b')
		from event where broker = :'b'")" = t ]
}
lease_held() { [ "$(sql -v b="$broker" <<<"select count(*) from connection where broker = :'b' and lease_until > now()")" -gt 0 ]; }
# Every PDF and archive has its row, and so many of them have words.
looked_into() { # COUNT
	[ "$(sql -v b="$broker" -v least="$1" <<<"select count(*) > 0 and bool_and(t.document_id is not null) and count(*) filter
		(where t.state = 'read' and t.text <> '') >= :least from document d left join document_text t using (broker, document_id)
		where d.broker = :'b' and d.media_type in ('application/pdf', 'application/zip')")" = t ]
}
# So that nothing but the holder's death gives them back, however slow the machine.
leases_long() {
	sql -v b="$broker" <<<"update connection set lease_until = lease_until + interval '1 hour' where broker = :'b' and lease_until > now();
		update endpoint set lease_until = lease_until + interval '1 hour' where broker = :'b' and lease_until > now()"
}
due_now() { sql -v b="$broker" <<<"update connection set due_at = now() where broker = :'b'"; }

# What systemd would hear. perl-base is part of every Debian; nothing else here listens on datagram sockets.
notify_listen() { # SOCKET LOG
	start "$place/perl" perl -MIO::Socket::UNIX -MSocket -e '
		my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Local => $ARGV[0]) or die $!;
		open my $log, ">>", $ARGV[1]; $log->autoflush(1);
		while (defined $s->recv(my $text, 4096)) { $text =~ s/\n/ /g; print $log "$text\n" }' "$1" "$2"
	await 240 test -S "$1" || bad "no listener for sd_notify" "$place/perl"
}

test_serve() {
	local code second
	scene_sandbox daemon 60 12 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	notify_listen "$place/notify" "$place/notified"
	export NOTIFY_SOCKET=$place/notify
	serve_start "$place/serve"
	unset NOTIFY_SOCKET
	await 240 has_line "$place/notified" 'READY=1' && good || bad "READY=1 is not told" "$place/notified" "$place/serve"
	await 240 acknowledged_all 60 && good || bad "serve does not poll by itself" "$place/serve"
	await 240 delivered_all && good || bad "serve does not deliver by itself" "$place/serve"
	"$build/vorpost-generate" --contracts "$folder.csv" --seed 12 --first 61 --shipments 20 --out "$folder" >"$place/out" 2>&1
	await 240 looked_into 20 && good || bad "serve does not look into documents" "$place/serve"
	due_now
	await 240 acknowledged_all 80 && good || bad "serve does not poll again" "$place/serve"
	await 240 looked_into 30 && good || bad "serve does not look into what comes later" "$place/serve"
	await 240 delivered_all || bad "the later events are not delivered" "$place/serve"

	expect "a second serve on the same state folder" 75 timeout -k 5 60 "$build/vorpost" --config "$conf" serve
	says "it says why" 'another .vorpost serve. holds the state folder' "$place/err"

	second=$(roles_of "$serve")
	kill -TERM "$serve"
	await 240 gone "$serve" || bad "SIGTERM does not end it" "$place/serve"
	wait "$serve"
	code=$?
	same "SIGTERM drains with exit 0" "$code" 0
	# shellcheck disable=SC2086
	all_gone $second && good || bad "roles are left behind: $second"
	says "STOPPING=1 is told" 'STOPPING=1' "$place/notified"
	judge_scene "serve"
	scene_end
}

four_roles() { [ "$(roles_of "$1" | wc -w)" -eq 4 ]; } # PID

# Kill -9, first of the supervisor alone, then of everybody at once; the next one works on at once.
test_serve_killed() {
	local roles
	scene_sandbox orphans 400 13 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	serve_start "$place/serve"
	await 240 has_lines "$log" '"outcome":"acknowledged"' 5 || bad "serve does not get going" "$place/serve"
	await 240 four_roles "$serve"
	roles=$(roles_of "$serve")
	same "four roles: two that poll, events, inspect" "$(wc -w <<<"$roles")" 4
	kill -9 "$serve"
	wait "$serve" 2>/dev/null
	# shellcheck disable=SC2086
	await 240 all_gone $roles && good || bad "a killed supervisor leaves roles behind: $roles"
	judge "after kill -9 of the supervisor" "$broker" "$folder" "$log" --received "$received" --midway

	due_now
	from=$(grep -c '"outcome":"acknowledged"' "$log")
	serve_start "$place/serve"
	await 240 has_lines "$log" '"outcome":"acknowledged"' $((from + 5)) || bad "the next serve does not get going" "$place/serve"
	roles=$(roles_of "$serve")
	kill -STOP "$sandbox" # so that they die with work in hand
	await 240 lease_held && good || bad "nobody holds a lease" "$place/serve"
	# shellcheck disable=SC2086
	kill -9 "$serve" $roles
	wait "$serve" 2>/dev/null
	lease_held && good || bad "the dead gave their leases back"
	judge "after kill -9 of everybody" "$broker" "$folder" "$log" --received "$received" --midway
	kill -CONT "$sandbox"

	due_now
	leases_long
	serve_start "$place/serve"
	await 240 acknowledged_all 400 && good || bad "a lease of the dead blocks the next start" "$place/serve"
	await 240 delivered_all && good || bad "an endpoint's lease of the dead blocks the next start" "$place/serve"
	stop "$serve"
	judge_scene "after serve was killed"
	scene_end
}

# The same of a single round: its workers finish what they have in hand and end, and the next round finds every connection free.
test_poll_killed() {
	local poll workers
	scene_sandbox polled 200 15 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	start "$place/poll" "$build/vorpost" --config "$conf" poll --once --workers 2 --quiet
	poll=$last
	await 240 has_lines "$log" '"outcome":"acknowledged"' 5 || bad "the round does not get going" "$place/poll"
	workers=$(roles_of "$poll")
	same "two workers" "$(wc -w <<<"$workers")" 2
	kill -9 "$poll"
	wait "$poll" 2>/dev/null
	# shellcheck disable=SC2086
	await 240 all_gone $workers && good || bad "a killed round leaves workers behind: $workers"
	[ "$(cat "$folder"/*/acknowledged | wc -l)" -lt 200 ] && good || bad "they did the whole round before they ended"
	lease_held && bad "they kept their leases" "$place/poll" || good
	judge "after kill -9 of a round" "$broker" "$folder" "$log" --received "$received" --midway
	expect "the next round" 0 v poll --once --quiet
	judge_scene "after a round was killed"
	scene_end
}

# A role that dies is started again; the database that dies, too.
test_serve_revives() {
	local roles
	scene_sandbox revived 400 14 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	serve_start "$place/serve"
	await 240 has_lines "$log" '"outcome":"acknowledged"' 5 || bad "serve does not get going" "$place/serve"
	read -ra roles < <(roles_of "$serve")
	kill -9 "${roles[0]}"
	await 240 has_line "$place/serve" 'role ended.*signal=9' && good || bad "a role's end is not told" "$place/serve"
	database_kill 5 400
	kill -CONT "$sandbox"
	await 240 acknowledged_all 400 && good || bad "serve does not go on after the database died" "$place/serve"
	await 240 delivered_all || bad "events wait for ever" "$place/serve"
	await 240 acknowledged_marks || bad "acknowledgements are not settled" "$place/serve"
	stop "$serve"
	judge_scene "after a role and the database died under serve"
	scene_end
}
# About a mark that was lost the insurer is asked again, who says that he has it.
acknowledged_marks() {
	[ "$(sql -v b="$broker" <<<"select count(*) from shipment where broker = :'b' and state <> 'acknowledged'")" = 0 ] || { due_now; false; }
}
