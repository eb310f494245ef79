#!/bin/bash
# An insurer that is not ours (gSOAP: its HTTP, MIME, XML and WS-Security) answers our requests on loopback; what it sends is read to
# the same bytes, its signatures are verified, and a round against it stores and acknowledges. What we sign, it verifies, and npm
# xml-crypto does. Closes with 'N passed, N failed'.
set -u
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../lib.sh"

for tool in soapcpp2 gcc curl node openssl perl psql sha256sum; do
	command -v "$tool" >/dev/null || { say "$tool is missing: ./run install test"; say "0 passed, 1 failed"; exit 1; }
done

# The generated part and gSOAP's own are without our warnings; what we wrote is not.
peer_build() {
	local gsoap=/usr/share/gsoap flags="-DWITH_OPENSSL -DWITH_GZIP -DWITH_DOM -DWITH_IPV6"
	mkdir "$place/peer"
	(cd "$place/peer" && soapcpp2 -c -S -L -x -w -I$gsoap/import "$here/peer/insurer.gsoap" &&
		gcc -w -c $flags -I. -I$gsoap/plugin soapC.c soapServer.c $gsoap/plugin/{wsseapi,smdevp,mecevp,threads,logging}.c $gsoap/custom/struct_timeval.c &&
		gcc -O1 -g -Wall -Wextra -Wshadow -Wno-unused-parameter $flags -I. -isystem $gsoap/plugin -o insurer "$here/peer/insurer.c" ./*.o \
			-lgsoapssl -lssl -lcrypto -lz) >"$place/peer/log" 2>&1
}

peer_start() { # NAME SHIPMENTS mtom|inline [PEM|- [CLIENT REQUESTS]]: sets peer (its id) and peer_url
	local name=$1
	shift
	start "$place/$name.out" "$place/peer/insurer" "$place/$name.port" "$@"
	peer=$last
	await 240 test -s "$place/$name.port" || { bad "the insurer in gSOAP does not start" "$place/$name.out"; return 1; }
	peer_url=http://127.0.0.1:$(cat "$place/$name.port")
}

# Documents that a careless reader cuts short, lengthens or takes for another one's delimiter.
shipments_put() { # FOLDER
	mkdir -p "$1/70001" "$1/70002" "$1/70003"
	printf '%%PDF-1.4\r\n--==x==\r\n\r\n\0\377\r\n--' >"$1/70001/a.pdf"
	: >"$1/70001/b.bin"
	printf '\r\n\r\n' >"$1/70001/c.bin"
	printf -- '--\r\nContent-Type: text/plain\r\n\r\nno part\r\n' >"$1/70001/d.bin"
	head -c 1500000 /dev/urandom >"$1/70002/long.bin"
	printf 'x' >"$1/70003/one.bin"
}
hashes() { (cd "$1" && sha256sum -- */* | cut -d' ' -f1 | sort); } # FOLDER

# A getShipment as anybody would write it: the answer as it came over the wire, head and body.
fetch() { # FILE ID
	local oasis=http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd
	curl -sS -i -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: "urn:getShipment"' -o "$1" --data-binary @- "$peer_url/transfer" 2>"$place/err" <<-END
		<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Header><w:Security xmlns:w="$oasis"><c:SecurityContextToken
		xmlns:c="http://schemas.xmlsoap.org/ws/2005/02/sc"><c:Identifier>bipro:7f1c-gsoap</c:Identifier></c:SecurityContextToken></w:Security>
		</e:Header><e:Body><getShipment xmlns="http://www.bipro.net/namespace/transfer"><Request><n:BiPROVersion
		xmlns:n="http://www.bipro.net/namespace/nachrichten">2.6.1.1.0</n:BiPROVersion><ID>$2</ID></Request></getShipment></e:Body></e:Envelope>
	END
}
read_it() { "$build/vorpost" delivery read "$@" >"$place/out" 2>"$place/err" </dev/null; }
documents_read() { sed -nE 's/^ *"sha256": "([0-9a-f]{64})".*/\1/p' "$place/out" | sort; }

is_read() { # WHAT ANSWER ID [OPTION...]: exactly the documents of the shipment, byte by byte
	local what=$1 answer=$2 id=$3
	shift 3
	read_it "$answer" --shipment "$id" "$@" || { bad "$what: refused" "$place/err"; return 1; }
	same "$what: the documents" "$(documents_read)" "$(cd "$shipments/$id" && sha256sum -- * | cut -d' ' -f1 | sort)"
	same "$what: the number" "$(sed -nE 's/^ *"value": "(.*)",/\1/p' "$place/out")" "4711-Ü & <1>"
}

test_writer() { # mtom|inline
	peer_start "writer-$1" "$shipments" "$1" || return
	for id in 70001 70002 70003; do
		fetch "$place/$1-$id" "$id" || bad "nothing came from gSOAP" "$place/err"
		is_read "gSOAP, $1, $id" "$place/$1-$id" "$id"
	done
	if [ "$1" = mtom ]; then says "it is MTOM" '^Content-Type: multipart/related' "$place/$1-70001"; fi
	stop "$peer"
}

# One character of each place that a signature protects.
changed() { # NAME PERL
	perl -0pe "$2" "$place/signed" >"$place/changed"
	if cmp -s "$place/signed" "$place/changed"; then bad "$1: nothing was changed"; return; fi
	if read_it "$place/changed" --signature required --trust "$place/cert.pem"; then bad "gSOAP's signature over another $1 is believed" "$place/out"; return; fi
	says "$1 changed" "$3" "$place/err"
}

test_signer() {
	peer_start signer "$shipments" inline "$place/both.pem" || return
	fetch "$place/signed" 70001 || bad "nothing came from gSOAP" "$place/err"
	is_read "signed by gSOAP" "$place/signed" 70001 --signature required --trust "$place/cert.pem"
	says "its signature" '"signature": "verified"' "$place/out"
	changed "number" 's/4711-/4712-/' '\[signature-wrong\]'
	changed "document" 's/JVBERi0x/JVBERi0y/' '\[signature-wrong\]'
	changed "time" 's/(<wsu:Expires>20\d\d-\d\d-\d\dT\d\d:\d\d:\d)(\d)/$1 . ($2 ^ 1)/e' '\[signature-wrong\]'
	changed "digest" 's/(<ds:DigestValue>)(.)/$1 . ($2 eq "A" ? "B" : "A")/e' '\[signature-wrong\]'
	changed "signature" 's/(<ds:SignatureValue>)(.)/$1 . ($2 eq "A" ? "B" : "A")/e' '\[signature-wrong\]'
	read_it "$place/signed" --signature required --trust "$place/other.pem" && bad "another's certificate is believed" "$place/out"
	says "another's certificate" '\[certificate-stranger\]' "$place/err"
	stop "$peer"
}

# In canonical mode gSOAP's Include loses its namespace and its reference: no document may come of it.
test_signed_attachment() {
	peer_start attached "$shipments" mtom "$place/both.pem" || return
	fetch "$place/attached" 70001 || bad "nothing came from gSOAP" "$place/err"
	says "it is MTOM and signed" '<ds:SignatureValue>' "$place/attached"
	if read_it "$place/attached" --signature required --trust "$place/cert.pem"; then bad "an Include without reference is read" "$place/out"; fi
	says "an Include without reference" '\[prefix\]' "$place/err"
	stop "$peer"
}

# gSOAP's words for a wrong password are understood, and nothing goes on.
test_stranger() {
	peer_start stranger "$shipments" mtom || return
	conf=$place/stranger.yaml
	config "$conf" stranger "$state"
	(umask 077; printf 'another\n' >"$place/secrets/stranger")
	expect "connection to gSOAP" 0 v connection add peer --insurer seeufer --sts "$peer_url/sts" --transfer "$peer_url/transfer" --user broker \
		--password-file "$place/secrets/stranger" --allow-plain --quiet
	v poll --once --allow-plain --quiet >"$place/out" 2>&1
	says "a wrong password" '00960' "$place/out"
	same "nothing came" "$(sql -v b=stranger <<<"select count(*) from shipment where broker = :'b'")" 0
	stop "$peer"
}

# The whole way with an insurer that knows nothing of us: login, list, get, store, acknowledge, cancel.
test_round() { # NAME PEER_OPTION... -- CONNECTION_OPTION...
	local name=$1 folder=$place/round-$1 peer_options=()
	shift
	while [ "$1" != -- ]; do peer_options+=("$1"); shift; done
	shift
	shipments_put "$folder"
	peer_start "round-$name" "$folder" "${peer_options[@]}" || return
	conf=$place/$name.yaml
	config "$conf" "$name" "$state"
	expect "connection to gSOAP" 0 v connection add peer --insurer seeufer --sts "$peer_url/sts" --transfer "$peer_url/transfer" \
		--allow-plain --quiet "$@" || return
	expect "a round against gSOAP, $name" 0 v poll --once --allow-plain --quiet
	same "all are acknowledged there, $name" "$(cd "$folder" && echo *.acknowledged)" "70001.acknowledged 70002.acknowledged 70003.acknowledged"
	same "and stored and acknowledged here" "$(sql -v b="$name" <<<"select count(*) filter (where acknowledged_at is not null), count(*) from shipment where broker = :'b'")" "3|3"
	same "every document, byte by byte" "$(sql -v b="$name" <<<"select sha256 from document where broker = :'b' order by 1")" "$(hashes "$folder")"
	same "and so in the store" "$(comm -13 <(find "$state/documents" -type f -exec sha256sum {} + | cut -d' ' -f1 | sort -u) <(hashes "$folder"))" ""
	expect "a second round" 0 v poll --once --allow-plain --quiet
	same "brings nothing new" "$(sql -v b="$name" <<<"select count(*) from document where broker = :'b'")" 6
	stop "$peer"
}

# What two others say of a login that we signed: gSOAP, which gives a session for it or none, and xml-crypto.
gsoap_believes() { # ENVELOPE
	curl -sS -H 'Content-Type: text/xml; charset=utf-8' -H 'SOAPAction: "urn:RequestSecurityToken"' -o "$place/out" --data-binary "@$1" \
		"$peer_url/sts" 2>"$place/err" && grep -q 'bipro:7f1c-gsoap' "$place/out"
}
crypto_believes() { node "$here/login.mjs" verify "$1" "$2" >"$place/out" 2>&1; } # ENVELOPE CERTIFICATE
both_refuse() { # WHAT ENVELOPE CERTIFICATE SENTENCE
	if gsoap_believes "$2"; then bad "login, $1: gSOAP lets him in" "$place/out"; else says "login, $1: gSOAP's answer" FailedAuthentication "$place/out"; fi
	if crypto_believes "$2" "$3"; then bad "login, $1: xml-crypto verifies it"; else says "login, $1: xml-crypto" "$4" "$place/out"; fi
}
login_changed() { # WHAT PERL SENTENCE
	perl -0pe "$2" "$place/login.xml" >"$place/changed.xml"
	if cmp -s "$place/login.xml" "$place/changed.xml"; then bad "login, $1: nothing was changed"; return; fi
	both_refuse "$1" "$place/changed.xml" "$place/client.pem" "$3"
}
login_signed_anew() { # NAME...
	node "$here/login.mjs" sign "$place/login.xml" "$place/client.key" "$@" >"$place/anew.xml" 2>"$place/err" || bad "xml-crypto signs nothing" "$place/err"
}

# Our login by certificate: a whole round with it, and the first request of this round as it came over the wire, changed in each
# place that the signature protects.
test_signed_login() {
	local by_certificate=(--login certificate --key "$place/client.key" --certificate "$place/client.pem")
	test_round certificate mtom - "$place/client.pem" "$place/requests" -- "${by_certificate[@]}"
	perl -0777 -ne '/^POST .*?^Content-Length: (\d+)\r\n.*?^\r\n/msi and print substr $_, $+[0], $1' "$place/requests" >"$place/login.xml"
	says "the first request is the login" '<w:RequestSecurityToken .*</s:Envelope>$' "$place/login.xml"
	says_not "nothing of a password" 'UsernameToken|Password' "$place/login.xml"

	peer_start login "$shipments" mtom - "$place/client.pem" "$place/again" || return
	if gsoap_believes "$place/login.xml"; then good; else bad "gSOAP does not believe our signature" "$place/out" "$place/err"; fi
	if crypto_believes "$place/login.xml" "$place/client.pem"; then good; else bad "xml-crypto does not believe our signature" "$place/out"; fi
	login_changed "Body" 's!/sc/sct</!/sc/scT</!' 'does not fit: .*#body'
	login_changed "Timestamp" 's/(<u:Expires>20\d\d-\d\d-\d\dT\d\d:\d\d:\d)(\d)/$1 . ($2 ^ 1)/e' 'does not fit: .*#time'
	login_changed "digest" 's/(DigestValue>)(.)/$1 . ($2 eq "A" ? "B" : "A")/e' 'does not fit'
	login_changed "signature" 's/(SignatureValue>)(.)/$1 . ($2 eq "A" ? "B" : "A")/e' 'does not fit'
	shown=$(grep -v -- - "$place/other.pem" | tr -d '\n') \
		login_changed "another's certificate in its token" 's!(BinarySecurityToken [^>]*>)[^<]*!$1$ENV{shown}!' 'another one'
	if crypto_believes "$place/changed.xml" "$place/other.pem"; then bad "xml-crypto: our signature fits another's key"
	else says "our signature and another's key" 'does not fit: ' "$place/out"; fi
	login_signed_anew Body Timestamp
	if gsoap_believes "$place/anew.xml" && crypto_believes "$place/anew.xml" "$place/client.pem"; then good; else bad "signed anew, not believed" "$place/out"; fi
	login_signed_anew Body
	both_refuse "Timestamp not covered" "$place/anew.xml" "$place/client.pem" 'Timestamp is not signed'
	login_signed_anew Timestamp
	both_refuse "Body not covered" "$place/anew.xml" "$place/client.pem" 'Body is not signed'
	stop "$peer"

	peer_start other "$shipments" mtom - "$place/other.pem" "$place/again" || return
	both_refuse "whose certificate nobody knows there" "$place/login.xml" "$place/other.pem" 'another one'
	both_refuse "another's certificate, known, in its token" "$place/changed.xml" "$place/other.pem" 'does not fit: '
	stop "$peer"
}

place_make peers
state=$place/state
shipments=$place/shipments
shipments_put "$shipments"
for who in both client other; do
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=$who.example -addext keyUsage=critical,digitalSignature \
		-addext basicConstraints=CA:FALSE -keyout "$place/$who.key" -out "$place/$who.pem" 2>/dev/null
done
cp "$place/both.pem" "$place/cert.pem"
cat "$place/both.key" >>"$place/both.pem"
(umask 077; printf 'secret\n' >"$place/secrets/peer")
by_password=(--user broker --password-file "$place/secrets/peer")
peer_build &
building=$!
conf=$place/first.yaml
config "$conf" first "$state"
cluster_lay "$state"
v init >"$place/out" 2>&1 || { bad "vorpost init" "$place/out"; close_count; }
cluster_keep "$state"
v migrate >"$place/out" 2>&1 || { bad "the database does not start" "$place/out"; close_count; }
wait "$building" || { bad "gSOAP's insurer cannot be built (packages gsoap, libgsoap-dev)" "$place/peer/log"; close_count; }
test_writer mtom
test_writer inline
test_signer
test_signed_attachment
test_stranger
test_round plain mtom -- "${by_password[@]}"
test_round sealed inline "$place/both.pem" -- "${by_password[@]}" --signature required --trust "$place/cert.pem"
test_signed_login
close_count
