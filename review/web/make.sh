#!/bin/bash
# Make the clerk's page: review/web to build/web, if anything of it changed since. Needs npm; no package runs a script of its own.
set -eu
cd "$(dirname "$0")/../.."
web=review/web
if [ ! -e $web/node_modules/.package-lock.json ] || [ $web/package-lock.json -nt $web/node_modules/.package-lock.json ]; then
	(cd $web && npm ci --ignore-scripts --no-audit --no-fund --silent)
fi
made=build/web/index.html
if [ ! -e $made ] || [ -n "$(find $web/src $web/index.html $web/build.mjs $web/package-lock.json -newer $made -print -quit)" ]; then
	node $web/build.mjs
fi
