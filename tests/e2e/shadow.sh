# shadow.sh -- a trial: everything is decided and written down, nothing filed, nobody told; persons judge it. Sourced by e2e.sh.

documents_where() { sql -v b="$broker" <<<"select count(*) from document where broker = :'b' and $1"; }
assign_first() { # WHERE: the first candidate of the first such document
	local document
	document=$(sql -v b="$broker" <<<"select document_id || ' ' || (candidates ->> 0) from document where broker = :'b' and $1 limit 1")
	# shellcheck disable=SC2086 # document and contract
	expect "shadow: a person files it" 0 v queue assign $document --confirm "$meant" --by anna
}

test_shadow() {
	local would events
	scene_sandbox shadow 60 31 --misbehave '*:throttle_every=0' --misbehave '*:nok_every=0' || return
	echo "shadow: true" >>"$conf"
	expect "shadow: a round" 0 v poll --once --quiet
	would=$(documents_where "reason = 'shadow'")
	[ "$would" -ge 20 ] && good || bad "shadow: only $would documents would be filed"
	same "shadow: nothing is filed" "$(documents_where "state <> 'queued'")" 0
	same "shadow: nobody is told" "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and type like 'document.%'")" 0
	same "shadow: everything is acknowledged" "$(sql -v b="$broker" <<<"select count(*) from shipment where broker = :'b' and state <> 'acknowledged'")" 0
	expect "shadow: stats" 0 v stats shadow
	says "shadow: stats" '^seeufer +exact +[0-9]+ +0 +0 +0 +[0-9]+$' "$place/out"
	expect "shadow: doctor" 0 v doctor
	says "shadow: doctor" '^ok +shadow +on: nothing is filed' "$place/out"
	assign_first "reason = 'shadow' and shadow ->> 'tier' = 'exact'"
	assign_first "reason = 'shadow' and shadow ->> 'tier' = 'exact'"
	expect "shadow: precision" 0 v match evaluate --shadow
	says "shadow: two are right" '^all +exact +[0-9]+ +2 +2 +100\.00 % +0 +0 ' "$place/out"
	expect "shadow: precision for machines" 0 v match evaluate --shadow --output json
	is_json "$place/out" && good || bad "match evaluate --shadow is no JSON" "$place/out"
	same "shadow: what a person does is told" "$(sql -v b="$broker" <<<"select count(*) from event where broker = :'b' and type = 'document.attached'")" 2
	v match explain "$(sql -v b="$broker" <<<"select document_id from document where broker = :'b' and reason = 'shadow' limit 1")" >"$place/out"
	says "shadow: explain" '^in shadow +would have been filed to ' "$place/out"
	sed -i '/^shadow:/d' "$conf"
	expect "shadow: off" 0 v match again
	same "shadow: then it is filed" "$(documents_where "reason = 'shadow'")" 0
	same "shadow: all of it" "$(documents_where "state = 'filed'")" "$would"
	expect "shadow: and told" 0 v poll --once --quiet
	scene_end
}
