#!/bin/bash
# What only all parts of a campaign show together: that every kind of fault was reached in enough scenes.
# usage: together.sh LOG...     of all parts, with their lines 'reached KIND LEAST: SCENE...'
# A line of each kind, 'FAILED: ...' where scenes are too few, closes with 'N passed, N failed'.
set -u
awk '
/^reached [a-z]+ [0-9]+:/ {
	if (!($2 in least)) kinds[++count] = $2
	least[$2] = $3 + 0
	for (i = 4; i <= NF; i++) if (!seen[$2, $i]++) scenes[$2]++
}
END {
	for (i = 1; i <= count; i++) {
		kind = kinds[i]
		line = kind ": faults were reached in " scenes[kind] + 0 " scenes"
		if (scenes[kind] + 0 >= least[kind]) { passed++; print line }
		else { failed++; print "FAILED: " line ", it must be " least[kind] }
	}
	print passed + 0 " passed, " failed + 0 " failed"
	exit failed > 0
}' "$@"
