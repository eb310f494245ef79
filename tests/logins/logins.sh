#!/bin/bash
# Every way to log in, signed answers, and what becomes of secrets: sandbox over TLS, PostgreSQL, the dev build. A full run with
# failures; then every secret is looked for in arguments, environments, logs, outputs, the database and its files, in events and
# core files, and must be found nowhere.
# usage: logins.sh      LOGINS_ONLY="refusals no_core": only these parts; closes with 'N passed, N failed'
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"

kinds="seeufer:password eichberg:certificate talblick:tls moorhof:saml windau:bearer"
export PGDATABASE=vorpost

for tool in openssl psql pg_dump perl; do
	[ "$tool" = pg_dump ] && [ -x /usr/lib/postgresql/15/bin/pg_dump ] && continue
	command -v "$tool" >/dev/null || { say "$tool is missing"; say "0 passed, 1 failed"; exit 1; }
done
PATH=$PATH:/usr/lib/postgresql/15/bin
place_make logins
state=$place/state
folder=$place/sandbox
log=$place/calls
out=$place/outputs # everything that vorpost printed
secrets=$place/secrets
conf=$place/logins.yaml
mkdir "$folder" "$out" "$place/descriptions"
cp "$root"/fixtures/logins/sandbox/*.yaml "$place/descriptions"
cp "$root/fixtures/sandbox/seeufer.yaml" "$place/descriptions"
: >"$log"

n=0
# As expect, and what was printed is kept for the search.
run() { # WHAT CODE COMMAND...
	local code=0
	expect "$@" || code=1
	n=$((n + 1))
	cat "$place/out" >"$out/$n.out"
	cat "$place/err" >"$out/$n.err"
	return $code
}
state_count() { sql -v c="$1" -v s="$2" <<<"select count(*) from shipment where connection = :'c' and state = :'s'"; }
calls_of() { grep -cE "\"insurer\":\"$1\".*\"operation\":\"$2\"" "$log"; } # INSURER OPERATION

# ---- the house ----

stage() {
	config "$conf" logins "$state" "$root/fixtures/logins/insurers"
	sed -i 's/^log: .*/log: debug/' "$conf"
	mkdir "$place/schemas" && cp -r "$root/fixtures/schemas/seeufer" "$place/schemas"
	echo "schemas: $place/schemas" >>"$conf" # so that the validator takes part
	run "vorpost init" 0 v init
	run "the schema" 0 v migrate
	cluster_keep "$state"
	"$build/vorpost-generate" --insurers "$place/descriptions" --stock "$place/stock.gdv" --count 200 --seed 41 >/dev/null
	run "the stock" 0 v contracts import "$place/stock.gdv"
	v contracts import --print "$place/stock.gdv" >"$place/stock.csv" 2>/dev/null
	"$build/vorpost-generate" --insurers "$place/descriptions" --contracts "$place/stock.csv" --seed 7 --shipments 60 --out "$folder" >"$place/generated"
	sandbox_start "$folder" "$log" --insurers "$place/descriptions"
	ca=$folder/tls/ca.pem
	secret_make "$secrets/push"
	receiver_start "$place/received" "$secrets/push"
	run "an endpoint" 0 v endpoint add push "$receiver_url" --secret-file "$secrets/push" --types all --allow-private
}

add() { # NAME INSURER OPTION...
	local name=$1 insurer=$2
	shift 2
	run "connection add $name" 0 v connection add "$name" --insurer "$insurer" --transfer "$base/$insurer/transfer" --ca "$ca" "$@"
}
sts_of() { printf -- '--sts %s/%s/sts' "$base" "$1"; }
trust_of() { printf -- '--trust %s/%s/signer/ca.pem --crl %s/%s/signer/crl.pem --signer sign.%s.example' "$folder" "$1" "$folder" "$1" "$1"; }

add_all() {
	local client
	(umask 077; password_of seeufer >"$secrets/seeufer")
	# shellcheck disable=SC2046
	{
		add seeufer seeufer $(sts_of seeufer) --user "$(user_of seeufer)" --password-file "$secrets/seeufer"
		client=$folder/eichberg/client
		add eichberg eichberg $(sts_of eichberg) --key "$client/key.pem" --certificate "$client/certificate.pem" $(trust_of eichberg)
		client=$folder/talblick/client
		add talblick talblick --key "$client/client.p12" --password-file "$client/client.p12.phrase"
		add moorhof moorhof --assertion-file "$folder/moorhof/client/assertion.xml"
		add windau windau --token-file "$folder/windau/client/token" $(trust_of windau)
	}
}

# ---- the way of every kind ----

test_every_kind() {
	local kind insurer waiting
	for kind in $kinds; do
		insurer=${kind%:*}
		waiting=$(wc -l <"$folder/$insurer/shipments.jsonl")
		[ "$waiting" -ge 3 ] && good || bad "$insurer has only $waiting shipments"
		run "connection test $insurer (${kind#*:})" 0 v connection test "$insurer"
		says "$insurer: list" "list +good: $waiting shipments? waiting" "$place/out"
	done
	run "a round" 0 v poll --once
	for kind in $kinds; do
		insurer=${kind%:*}
		same "${kind#*:}: all acknowledged" "$(state_count "$insurer" acknowledged)" "$(wc -l <"$folder/$insurer/shipments.jsonl")"
		same "${kind#*:}: the insurer says so" "$(wc -l <"$folder/$insurer/acknowledged")" "$(wc -l <"$folder/$insurer/shipments.jsonl")"
	done
	for insurer in eichberg talblick; do
		same "$insurer: when the certificate ends" "$(sql -v c="$insurer" <<<"select extract(epoch from credential_expires_at)::bigint from connection where connection = :'c'")" \
			"$(date -d "$(openssl x509 -noout -enddate -in "$folder/$insurer/client/certificate.pem" | cut -d= -f2)" +%s)"
	done
	same "the others have none" "$(sql <<<"select count(credential_expires_at) from connection where connection in ('seeufer', 'moorhof', 'windau')")" 0
	# one token for the test and one for the round, each cancelled; the others know no token service
	same "logins with a password" "$(calls_of seeufer RequestSecurityToken)" 4
	same "logins with a certificate" "$(calls_of eichberg RequestSecurityToken)" 4
	await 240 has_lines "$log" '"outcome":"cancelled"' 4
	same "tokens cancelled" "$(grep -c '"outcome":"cancelled"' "$log")" 4
	same "no token service for the others" "$(grep -E '"insurer":"(talblick|moorhof|windau)"' "$log" | grep -c RequestSecurityToken)" 0
}

# ---- signatures ----

test_seal_broken() {
	local broken sentence
	more_shipments 61
	stop "$sandbox"
	sandbox_again --misbehave 'eichberg:break_seal_every=2' --misbehave 'windau:break_seal_every=2'
	run "a round with broken seals" 0 v poll --once
	for insurer in eichberg windau; do
		broken=$(grep -E "\"insurer\":\"$insurer\"" "$log" | grep -c '"outcome":"broken seal"')
		[ "$broken" -ge 1 ] && good || bad "$insurer broke no seal"
		same "$insurer: what was changed is in quarantine" "$(state_count "$insurer" quarantined)" "$broken"
		sentence=$(sql -v c="$insurer" <<<"select distinct regexp_replace(refusal, 'shipment [^:]*', 'shipment X') from shipment where connection = :'c' and state = 'quarantined'")
		same "$insurer: the sentence" "$sentence" "connection $insurer, shipment X: get: signature does not match"
		same "$insurer: nothing changed is acknowledged" "$(sort -u "$folder/$insurer/acknowledged" | wc -l)" "$(state_count "$insurer" acknowledged)"
	done
	# Read again it is as false as before; asked for anew it comes whole.
	local id
	id=$(sql <<<"select shipment_id from shipment where connection = 'windau' and state = 'quarantined' order by 1 limit 1")
	run "reading a false answer again" 65 v delivery retry windau "$id"
	says "it is still false" "signature does not match" "$place/err"
	run "asking for it anew" 0 v delivery retry windau "$id" --fetch
	stop "$sandbox"
	sandbox_again
	run "a round with whole seals" 0 v poll --once
	same "it came whole" "$(sql -v i="$id" <<<"select state from shipment where shipment_id = :'i'")" acknowledged
}

# The same unsigned insurer, but we demand a signature; a signer whom nobody vouches for; a signer of another name.
test_signature_demanded() {
	local name
	# shellcheck disable=SC2046
	{
		add unsigned moorhof --assertion-file "$folder/moorhof/client/assertion.xml" --signature required $(trust_of eichberg)
		add stranger windau --token-file "$folder/windau/client/token" --trust "$folder/eichberg/signer/ca.pem" --signer sign.eichberg.example
		add namesake windau --token-file "$folder/windau/client/token" --trust "$folder/windau/signer/ca.pem" --signer sign.eichberg.example
	}
	run "an unsigned insurer" 65 v connection test unsigned
	says "a sentence" "list: answer is not signed, but must be" "$place/err"
	run "somebody else's authority" 65 v connection test stranger
	says "a sentence" "list: certificate of the signature: " "$place/err"
	run "another name" 65 v connection test namesake
	says "a sentence" "not that of the expected signer" "$place/err"
	run "a policy cannot be softened" 64 v connection change windau --signature none
	says "a sentence" "less than the insurer's file says: required" "$place/err"
	for name in unsigned stranger namesake; do run "remove $name" 0 v connection remove $name; done
}

# ---- refusals: once, and shown ----

paused_by() { # NAME CODE
	run "a round of $1" 77 v poll --once --connection "$1"
	run "the list" 0 v connection list --output csv
	says "$1 is paused, with its reason" "^$1,[a-z]+,paused,.*$2" "$place/out"
	run "$1 is not asked any more" 75 v poll --once --connection "$1"
}

test_refusals() {
	local before insurer
	(umask 077
	printf 'Falsch-%s\n' "$canary" >"$secrets/wrong-password"
	printf 'eyFalsch.%s\n' "$canary" >"$secrets/wrong-token"
	sed 's/Id="_[0-9a-f]*"/Id="_falsch"/' "$folder/moorhof/client/assertion.xml" >"$secrets/wrong-assertion"
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=Fremder" -addext keyUsage=digitalSignature \
		-keyout "$secrets/wrong-key" -out "$secrets/wrong-certificate" 2>/dev/null)
	before=$(wc -l <"$log")
	# shellcheck disable=SC2046
	{
		add bad-password seeufer $(sts_of seeufer) --user "$(user_of seeufer)" --password-file "$secrets/wrong-password"
		add bad-certificate eichberg $(sts_of eichberg) --key "$secrets/wrong-key" --certificate "$secrets/wrong-certificate" $(trust_of eichberg)
		add bad-tls talblick --key "$secrets/wrong-key" --certificate "$secrets/wrong-certificate"
		add bad-assertion moorhof --assertion-file "$secrets/wrong-assertion"
		add bad-token windau --token-file "$secrets/wrong-token" $(trust_of windau)
	}
	paused_by bad-password 00961
	paused_by bad-certificate 00963
	paused_by bad-tls 00960
	paused_by bad-assertion 00962
	paused_by bad-token 00962
	same "password and certificate: one try; TLS: one; assertion and token: the file is read once more" "$(($(wc -l <"$log") - before))" 7
}

# What cannot be right is found before anybody is asked.
test_files_and_options() {
	local client=$folder/talblick/client before
	before=$(wc -l <"$log")
	(umask 077; echo falsch >"$secrets/wrong-phrase"; printf '<?xml version="1.0"?>\n<a/>\n' >"$secrets/no-assertion"; printf 'a b\n' >"$secrets/no-token"
	cp "$client/key.pem" "$secrets/open-key"; chmod 644 "$secrets/open-key")
	refuse() { # CODE PATTERN OPTION...
		local code=$1 pattern=$2
		shift 2
		run "refused: $pattern" "$code" v connection add refused --ca "$ca" "$@"
		says "a sentence: $pattern" "$pattern" "$place/err"
	}
	refuse 64 "--key is missing" --insurer talblick --transfer "$base/talblick/transfer"
	refuse 64 "--user does not belong to a login by tls" --insurer talblick --transfer "$base/talblick/transfer" --key "$client/key.pem" --user x
	refuse 64 "--token-file does not belong to a login by saml" --insurer moorhof --transfer "$base/moorhof/transfer" --token-file "$secrets/no-token"
	refuse 64 "--login: expected" --insurer talblick --login magic --transfer "$base/talblick/transfer" --key "$client/key.pem"
	refuse 64 "--trust is missing" --insurer windau --transfer "$base/windau/transfer" --token-file "$folder/windau/client/token"
	refuse 78 "pass phrase" --insurer talblick --transfer "$base/talblick/transfer" --key "$client/client.p12" --password-file "$secrets/wrong-phrase"
	refuse 78 "no certificate of this private key" --insurer talblick --transfer "$base/talblick/transfer" --key "$client/key.pem" --certificate "$secrets/wrong-certificate"
	refuse 78 "can be read by everybody" --insurer talblick --transfer "$base/talblick/transfer" --key "$secrets/open-key" --certificate "$client/certificate.pem"
	refuse 78 "expected an Assertion" --insurer moorhof --transfer "$base/moorhof/transfer" --assertion-file "$secrets/no-assertion"
	refuse 78 "expected letters, digits" --insurer windau --transfer "$base/windau/transfer" --token-file "$secrets/no-token" --trust "$folder/windau/signer/ca.pem" --signer x
	same "nobody was asked" "$(wc -l <"$log")" "$before"
	run "the connections" 0 v connection show talblick
	says "the login is shown" "^login +tls" "$place/out"
	says "how long the certificate is good" "^certificate .*days" "$place/out"
	run "a certificate that ends tomorrow" 0 v connection change talblick --key "$secrets/wrong-key" --certificate "$secrets/wrong-certificate" --password-file ''
	run "the doctor" 1 v doctor
	says "the doctor warns" "talblick +our certificate .* ends in 1 days" "$place/out"
	run "back again" 0 v connection change talblick --key "$client/client.p12" --certificate '' --password-file "$client/client.p12.phrase"
	run "the connections, as JSON" 0 v connection show windau --output json
	says "the policy is shown" '"signature": "required"' "$place/out"
}

# ---- secrets ----

# What a person could read of every process of ours, all the time; and a line "looked FILE PROGRAM" for each kind of process.
watch_processes() {
	perl -e '
		$| = 1;
		while (1) {
			for my $p (glob "/proc/[0-9]*") {
				my $exe = readlink "$p/exe" or next;
				next unless $exe =~ m{/(vorpost|vorpost-reader|vorpost-inspect|vorpost-validate|postgres)$};
				my $program = $1;
				for my $f ("cmdline", "environ") {
					open my $h, "<", "$p/$f" or next;
					local $/;
					my $t = <$h> // "";
					print "$f $t\n" if !$seen{$t}++;
					print "looked $f $program\n" if length $t && !$seen{"$f $program"}++;
				}
			}
			select undef, undef, undef, 0.01;
		}' >"$out/processes" 2>/dev/null &
	watcher=$!
	started+=("$watcher")
}

secrets_collect() {
	{
		password_of seeufer
		cat "$folder/windau/client/token" "$folder/talblick/client/client.p12.phrase"
		echo
		grep -oE 'Id="_[0-9a-f]+' "$folder/moorhof/client/assertion.xml" | cut -c6-
		for key in "$folder"/*/client/key.pem "$secrets/wrong-key"; do sed -n '3p;12p' "$key"; done
		sed -n 's/^whsec_//p' "$secrets/push"
		echo "$canary"
	} | grep -v '^$' | sort -u >"$place/canaries"
}

# A process that dies in the middle of a call, with all it knows.
test_no_core() {
	local round worker
	{ (cd "$place/cores" && ulimit -c unlimited && exec sh -c 'kill -ABRT $$'); } 2>/dev/null
	if ls "$place"/cores/* >/dev/null 2>&1; then good; rm -f "$place"/cores/*
	else say "SKIPPED: this machine writes no core files into the working directory (core_pattern $(cat /proc/sys/kernel/core_pattern)); the limit is tested in ingest/secret_test"; fi
	more_shipments 121
	stop "$sandbox"
	sandbox_again --misbehave 'windau:hang_every=1'
	# AddressSanitizer would forbid core files by itself
	(cd "$place/cores" && ulimit -c unlimited && ASAN_OPTIONS="$ASAN_OPTIONS:disable_coredump=0" exec "$build/vorpost" --config "$conf" poll --once --connection windau) >"$out/killed" 2>&1 </dev/null &
	round=$!
	await 240 has_line "$log" '"outcome":"hung"' || bad "no call hangs" "$out/killed"
	for worker in $(pgrep -P "$round" -x vorpost); do kill -ABRT "$worker"; done
	wait "$round"
	same "no core file" "$(ls -A "$place/cores")" ""
	stop "$sandbox"
	sandbox_again
	run "the round after" 0 v poll --once
}

# Calls that fail in the middle of logins, requests and records (tests/crash/nth.c): what is said of it, and what stays behind.
test_faults() {
	local fault shared=$place/nth made=0
	for fault in "connect 2" "send 5" "recv 9" "recv 30" "write 3" "fsync 1" "rename 1" "query 30" "answer 30"; do
		sql <<<"update connection set state = 'active' where connection not like 'bad-%'"
		more_shipments $((241 + made * 60))
		truncate -s 0 "$shared" && truncate -s 65536 "$shared"
		n=$((n + 1))
		LD_PRELOAD="$build/tests/crash/libnth.so" VORPOST_NTH="$fault" VORPOST_NTH_FILE="$shared" \
			ASAN_OPTIONS="$ASAN_OPTIONS:verify_asan_link_order=0" "$build/vorpost" --config "$conf" poll --once >"$out/$n.out" 2>"$out/$n.err" </dev/null
		case $? in 0|65|69|75|77|78) good ;; *) bad "a round with $fault" "$out/$n.err" ;; esac
		[ "$(od -An -v -tu8 -j128 -N8 "$shared" | tr -d ' ')" -ge 1 ] && made=$((made + 1)) || bad "$fault did not come about"
	done
	run "the round after $made faults" 0 v poll --once
	same "everything came" "$(sql <<<"select count(*) from shipment where state in ('listed', 'stored')")" 0
}

# The daemon, with everything it logs at its most talkative, over an insurer that fails in all ways. It looks into documents, too.
test_daemon() {
	stop "$sandbox"
	sandbox_again --misbehave '*:nok_every=7' --misbehave '*:throttle_every=5' --misbehave '*:token_life_calls=3' --misbehave '*:cut_body_every=4'
	more_shipments 901
	sql <<<"update connection set due_at = now(), state = 'active' where connection not like 'bad-%'"
	start "$out/serve" "$build/vorpost" --config "$conf" serve
	local daemon=$last
	await 240 all_gone || bad "the daemon does not get through" "$out/serve"
	sql <<<"update connection set due_at = now() where state = 'active'"
	sleep 1
	await 240 has_document_text || bad "the daemon looks into no document" "$out/serve"
	await 240 inspector_seen || bad "no inspecting program was seen" "$out/serve"
	stop "$daemon"
	good
}
# Each look is a matter of milliseconds: the documents are looked into until the watcher came at the right time.
inspector_seen() {
	[ "$(grep -acxE 'looked (cmdline|environ) vorpost-inspect' "$out/processes")" -ge 2 ] && return
	sql <<<"delete from document_text"
	return 1
}
has_document_text() { [ "$(sql <<<"select count(*) > 0 from document_text")" = t ]; }
all_gone() { sql <<<"update connection set due_at = now() where state = 'active' and due_at > now() + interval '5 seconds'" && [ "$(sql <<<"select count(*) from shipment where state in ('listed', 'stored')")" = 0 ]; }

found_in() { # FOLDER...: how often any of the canaries stands there, and where
	grep -raoFf "$place/canaries" -- "$@" 2>/dev/null | sort | uniq -c >"$place/found"
	wc -l <"$place/found"
}

test_secrets_stay_secret() {
	kill "$watcher" 2>/dev/null
	local name file programs="vorpost vorpost-reader postgres"
	[ -n "${LOGINS_ONLY:-}" ] || programs="$programs vorpost-inspect vorpost-validate" # not every part starts these
	[ "$(grep -ac '^cmdline' "$out/processes")" -ge 20 ] && good || bad "the watcher saw $(grep -ac '^cmdline' "$out/processes") processes"
	for name in $programs; do
		for file in cmdline environ; do
			grep -qax "looked $file $name" "$out/processes" && good || bad "the watcher saw no $file of $name"
		done
	done
	run "the doctor" 1 v doctor
	run "the connections" 0 v connection list --output json
	for name in seeufer eichberg talblick moorhof windau bad-password; do run "show $name" 0 v connection show $name --output json; done
	pg_dump "$(conninfo "$state")" >"$out/dump" 2>"$out/dump.err" || bad "no dump" "$out/dump.err"
	[ "$(wc -l <"$place/canaries")" -ge 10 ] && good || bad "too few secrets to look for" "$place/canaries"
	# The search finds what there is to find: every secret in its own file.
	[ "$(found_in "$secrets" "$folder" "$place/descriptions")" -ge "$(wc -l <"$place/canaries")" ] && good || bad "the search finds nothing" "$place/found"
	same "secrets in outputs, logs, arguments, environments and the dump" "$(found_in "$out")" 0
	[ -s "$place/found" ] && bad "found" "$place/found"
	same "secrets in the files of the database, its log and the documents" "$(found_in "$state")" 0
	[ -s "$place/found" ] && bad "found" "$place/found"
	same "secrets in the calls' log and in events" "$(found_in "$log" "$place/received")" 0
	# Tokens that the insurer gave: opaque, so by their form.
	same "session tokens anywhere" "$(grep -raoE 'bipro:[0-9a-f]{36}' "$out" "$state" "$place/received" 2>/dev/null | wc -l)" 0
}

# ---- tools ----

more_shipments() { # FIRST
	"$build/vorpost-generate" --insurers "$place/descriptions" --contracts "$place/stock.csv" --seed 7 --first "$1" --shipments 60 --out "$folder" >"$place/generated"
}
sandbox_again() { # OPTION...: at the port it had
	sandbox_start "$folder" "$log" --insurers "$place/descriptions" --port "${base##*:}" "$@"
}

canary=KANARIE$(od -An -tx8 -N16 /dev/urandom | tr -d ' \n')
mkdir "$place/cores"
stage
watch_processes
add_all
for name in ${LOGINS_ONLY:-every_kind seal_broken signature_demanded refusals files_and_options no_core faults daemon}; do
	failed_before=$failed began=$SECONDS
	"test_$name"
	[ "$name" = refusals ] && secrets_collect
	[ "$failed" -eq "$failed_before" ] && say "ok: $name ($((SECONDS - began)) s)" || say "not ok: $name"
done
test_secrets_stay_secret
close_count
