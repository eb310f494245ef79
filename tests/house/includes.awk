# includes.awk -- rules.sh: which file may include what. All files in one pass.
# levels: "room=level ..."; homes: a line is the beginning of a header's name and the places that may include it.
function breach(text) { print text; breaches++ }
function begins(text, with) { return substr(text, 1, length(with)) == with }

function check_direction(file, header,   from, to) {
	from = file; sub(/\/.*/, "", from)
	to = header; sub(/\/.*/, "", to)
	if (from == "tests" || from == "fuzz") return
	if (!(from in level)) { breach(file ": stands in no room"); return }
	if (header == "sql_list.h" || header ~ /\.inc$/) return
	if (header == to) { breach(file ": includes \"" header "\" without its folder"); return }
	if (!(to in level)) { breach(file ": includes \"" header "\" of no room"); return }
	if (from == to) return
	if (from == "fixtures") {
		if (to != "base" && to != "model")
			breach(file ": fixtures stand on base and model only, not on \"" header "\"")
	} else if (level[to] >= level[from])
		breach(file ": includes upward or sideways: \"" header "\"")
}

function check_home(file, header,   i, k, n, place) {
	for (i = 1; i <= homes; i++) {
		if (!begins(header, pattern[i])) continue
		n = split(places[i], place, " ")
		for (k = 1; k <= n; k++) if (begins(file, place[k])) return
		breach(file ": <" header "> is not at home here (its home: " places[i] ")")
	}
}

function check_reader_is_alone(file, header) { # the reader is a function from bytes to facts
	if (file ~ /^ingest\/(reader|xml|multipart|base64|sniff|status|answer|httphead)/ &&
	    header ~ /^(store\/|normalizers\/|ingest\/(http|transfer|sts)\.h$)/)
		breach(file ": the reader has no network, database or insurer in reach, but includes \"" header "\"")
}

BEGIN {
	n = split(ENVIRON["levels"], words, " ")
	for (i = 1; i <= n; i++) { split(words[i], pair, "="); level[pair[1]] = pair[2] + 0 }
	n = split(ENVIRON["homes"], lines, "\n")
	for (i = 1; i <= n; i++) {
		if (lines[i] !~ /[^ ]/) continue
		pattern[++homes] = lines[i]; sub(/ .*/, "", pattern[homes])
		places[homes] = lines[i]; sub(/[^ ]+ +/, "", places[homes])
	}
}
/^[ \t]*#[ \t]*include[ \t]+["<][^">]+[">]/ {
	name = $0; sub(/^[^"<]*/, "", name)
	kind = substr(name, 1, 1)
	name = substr(name, 2); sub(/[">].*/, "", name)
	if (kind == "<") check_home(FILENAME, name)
	else { check_direction(FILENAME, name); check_reader_is_alone(FILENAME, name) }
}
END { exit breaches > 0 }
