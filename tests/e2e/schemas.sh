# schemas.sh -- answers held against the operator's schemas: what differs is told, what happens to a delivery stays what it was.
# Sourced by e2e.sh.

breaches_of() { v connection breaches "$@"; }

# Two insurers have a set (one of his own, one of his release), two have none; nobody differs.
schemas_fit() {
	expect "the configuration with schemas" 0 v check-config
	says "it says how many there are" '^schemas: .*, 2 sets of 9 files' "$place/out"
	expect "a test of the connection" 0 v connection test seeufer --fetch
	says "it holds the list against them" '^schemas +the list: fits the schemas' "$place/out"
	says "and a delivery" '^schemas +the delivery: fits the schemas' "$place/out"
	says "which nobody keeps" 'nothing was kept or acknowledged' "$place/out"
	expect "a test of one without a set" 0 v connection test kranich
	says_not "says nothing of schemas" '^schemas' "$place/out"
	expect "a round with schemas" 0 v poll --once --quiet
	judge_scene "a round with schemas"
	for insurer in seeufer lindenhof kranich; do
		expect "$insurer" 0 breaches_of "$insurer"
		says "$insurer fits, or has no set" 'no breach was seen so far' "$place/out"
	done
}

# Then one of them says more than his schemas know. All is filed and acknowledged as before.
schemas_differ() { # CONNECTION
	expect "a round that finds differences" 0 v poll --once --connection "$1"
	says "tells of them" 'answers differ from the schemas .2 new kinds' "$place/out"
	same "all of it came, and was acknowledged" "$(sql -v b="$broker" -v c="$1" <<<"select count(*) filter (where state = 'acknowledged') = count(*)
		and count(*) = (select count(*) from shipment where broker = :'b' and connection = 'seeufer') and count(*) filter (where breaches > 0) = count(*)
		from shipment where broker = :'b' and connection = :'c'")" t
	expect "what differs" 0 breaches_of "$1"
	says "an element too many, by name" 'getShipmentResponse/Response/Erweiterung +is not expected here +expected BiPROVersion' "$place/out"
	says "in the list, too" 'listShipmentsResponse/Response/Erweiterung' "$place/out"
	expect "a delivery that differs" 0 v delivery show "$1" \
		"$(sql -v b="$broker" -v c="$1" <<<"select shipment_id from shipment where broker = :'b' and connection = :'c' limit 1")"
	says "says so" "^schema +1 breach: vorpost connection breaches $1" "$place/out"
	expect "a second round" 0 v poll --once --connection "$1"
	says_not "finds nothing new" 'new kinds' "$place/out"
	expect "they can be forgotten" 0 breaches_of "$1" --forget
	expect "then" 0 breaches_of "$1"
	says "there are none" 'no breach was seen so far' "$place/out"
}

# A kept answer is looked at when somebody looks, line by line.
schemas_of_kept() { # CONNECTION
	local id sum kept=$place/kept.xml
	printf '%s\n%s' '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><t:getShipmentResponse' \
		'xmlns:t="http://www.bipro.net/namespace/transfer"><t:Response><t:Nix/></t:Response></t:getShipmentResponse></s:Body></s:Envelope>' >"$kept"
	sum=$(sha256sum <"$kept") sum=${sum%% *}
	mkdir -p "$state/documents/${sum:0:2}" && cp "$kept" "$state/documents/${sum:0:2}/$sum"
	id=$(sql -v b="$broker" -v c="$1" -v s="$sum" <<<"update shipment set raw_sha256 = :'s', raw_content_type = 'text/xml' where broker = :'b'
		and connection = :'c' and shipment_id = (select min(shipment_id) from shipment where broker = :'b' and connection = :'c') returning shipment_id")
	expect "a kept answer" 0 v delivery show "$1" "$id"
	says "is held against them" '^schema +1 breach of the schemas' "$place/out"
	says "with the line" 'getShipmentResponse/Response/Nix +is not expected here +expected BiPROVersion +2 +1' "$place/out"
	expect "for machines" 0 v delivery show "$1" "$id" --output json
	says "too" '"rule": "is not expected here"' "$place/out"
}

# What cannot be used is told before anything begins.
schemas_unusable() {
	sed -i "s|^schemas: .*|schemas: $place/empty|" "$conf"
	expect "an empty folder" 78 v poll --once --quiet
	says "has neither files nor folders" 'has neither XSD files nor folders' "$place/err"
	sed -i "s|^schemas: .*|schemas: $place/nowhere|" "$conf"
	expect "a folder that is not there" 78 v check-config
	mkdir -p "$place/odd/unheard"
	sed -i "s|^schemas: .*|schemas: $place/odd|" "$conf"
	expect "a set that is nobody's" 78 v check-config
	says "is named" 'odd/unheard is called neither like an insurer' "$place/err"
	cp "$root/fixtures/schemas/2.5.0.1.0/transfer.xsd" "$place/odd"
	expect "files directly in the folder are one set for all" 0 v check-config
	says "with their subfolders" '1 set of 1 files' "$place/out"
	printf 'cage: off\n' >>"$conf"
	expect "schemas without a cage" 78 v check-config
}

test_schemas() {
	scene_sandbox schemas 40 77 --misbehave '*:nok_every=0' --misbehave '*:throttle_every=0' --misbehave '*:lose_acknowledgement_every=0' || return
	echo "schemas: $root/fixtures/schemas" >>"$conf"
	schemas_fit
	stop "$sandbox"
	find "$folder" -name acknowledged -delete
	sandbox_start "$folder" "$log" --misbehave '*:nok_every=0' --misbehave '*:throttle_every=0' --misbehave 'seeufer:extra_elements=1' || return
	insurer=seeufer
	connection_add again "$insurer" "$base" "$folder/tls/ca.pem" || bad "connection again"
	schemas_differ again
	schemas_of_kept again
	schemas_unusable
	scene_end
}
