# read.sh -- one connection, one worker: answers fetched over TLS, read, decoded, hashed. Ours against SOAP clients.
# Sourced by bench.sh.

certificate_make() {
	mkdir -p "$place/tls"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -keyout "$place/tls/server.key" -out "$place/tls/server.pem" 2>/dev/null
}

port_free() { /usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

answers_serve() {
	[ -z "${base:-}" ] || return 0
	local port
	say "  making answers: random documents of 50 kB, 5 MB, 50 MB, inline and MTOM"
	certificate_make
	mkdir -p "$place/answers" "$place/spool"
	/usr/bin/python3 "$here/answers.py" "$place/answers"
	port=$(port_free)
	plain=$(port_free)
	sed -e "s|@PLACE@|$place|g" -e "s|@PORT@|$port|g" -e "s|@PLAIN@|$plain|g" "$here/nginx.conf.in" >"$place/nginx.conf"
	[ "$(id -u)" -ne 0 ] || printf 'user root;\n' >>"$place/nginx.conf"
	nginx -p "$place" -c "$place/nginx.conf" -e "$place/nginx.log" &
	children+=($!)
	base=https://localhost:$port
	plain_base=http://127.0.0.1:$plain
	ca=$place/tls/server.pem
	wait_until "nginx does not answer" curl -fs --cacert "$ca" -d x -o /dev/null "$base/inline/50k/0.xml"
}

gsoap_build() {
	mkdir -p "$place/gsoap"
	(cd "$place/gsoap" && soapcpp2 -c -C -L -x -d . "$here/peers/service.gsoap" >soapcpp2.log 2>&1 &&
		gcc -O2 -w -DWITH_OPENSSL -I. -o gsoap "$here/peers/gsoap.c" soapC.c soapClient.c -lgsoapssl -lssl -lcrypto -lz) ||
		die "gSOAP's side cannot be built"
}

peers_make() {
	gsoap_build
	[ -d "$here/peers/node_modules/soap" ] || (cd "$here/peers" && npm ci --no-audit --no-fund --silent)
}

reader_run() { # SIDE LIST
	case $1 in
	vorpost)  "$bin/tests/bench/bench_read" "$base" "$ca" "$seconds" "$2" "$place/spool" ;;
	no-spool) "$bin/tests/bench/bench_read" --no-spool "$base" "$ca" "$seconds" "$2" "$place/spool" ;;
	php)      php "$here/peers/read.php" "$base" "$ca" "$seconds" "$2" ;;
	php-openssl) php "$here/peers/read.php" "$base" "$ca" "$seconds" "$2" openssl ;;
	gsoap)    "$place/gsoap/gsoap" "$base" "$ca" "$seconds" "$2" ;;
	zeep)     /usr/bin/python3 "$here/peers/read.py" "$base" "$ca" "$seconds" "$2" ;;
	node)     node "$here/peers/read.js" "$base" "$ca" "$seconds" "$2" ;;
	esac
}

# One part: all sides in turn, round by round. A side of ours that gets a byte wrong ends the benchmark.
read_part() { # PART SIDES...
	local part=$1 side round line read took wrong
	shift
	say "  $part: $*"
	for round in $(seq "$rounds"); do
		for side in "$@"; do
			line=$(reader_run "$side" "$place/answers/$part.list" 2>>"$place/read.log") || line=
			if [ -z "$line" ]; then
				say "    $side failed: $(tail -1 "$place/read.log")"
				case $side in vorpost|no-spool) die "our side failed" ;; esac
				continue
			fi
			read -r read took wrong _ <<<"$line"
			if [ "$wrong" -gt 0 ]; then
				case $side in vorpost|no-spool) die "$side: $wrong documents came out wrong" ;; esac
				[ "$round" -gt 1 ] || say "    $side: bytes are WRONG ($wrong documents, with those to warm up; $read were timed)"
			fi
			figure "$part" "$side" "$(awk -v n="$read" -v s="$took" 'BEGIN { printf "%.2f", n / s }')"
		done
	done
	medians "$part" "answers/s"
}

part_read() {
	answers_serve
	peers_make
	read_part inline-50k vorpost no-spool php php-openssl gsoap zeep node
	read_part inline-5m vorpost no-spool php php-openssl gsoap zeep node
	read_part mtom-50k vorpost no-spool gsoap zeep node
	read_part mtom-5m vorpost no-spool gsoap zeep node
	# The goals stand against PHP with the digest that we use ourselves; hash() is PHP's own, and slower.
	goal "read 50 kB inline / PHP SoapClient" inline-50k vorpost php-openssl 1.5
	goal "read 5 MB inline / PHP SoapClient" inline-5m vorpost php-openssl 4
	goal "read 5 MB MTOM / gSOAP" mtom-5m vorpost gsoap 2.5
	goal "read 50 kB inline / zeep" inline-50k vorpost zeep 10
	goal "read 5 MB inline / zeep" inline-5m vorpost zeep 10
	goal "read 50 kB inline / node soap" inline-50k vorpost node 10
	goal "read 5 MB inline / node soap" inline-5m vorpost node 10
	goal "read 50 kB inline / gSOAP" inline-50k vorpost gsoap ""
	goal "read 5 MB inline / gSOAP" inline-5m vorpost gsoap ""
	goal "read 50 kB MTOM / gSOAP" mtom-50k vorpost gsoap ""
	goal "read 50 kB inline / PHP SoapClient with hash()" inline-50k vorpost php ""
	goal "read 5 MB inline / PHP SoapClient with hash()" inline-5m vorpost php ""
	goal "read 5 MB inline, no spool / PHP SoapClient" inline-5m no-spool php-openssl ""
	goal "read 5 MB MTOM, no spool / gSOAP" mtom-5m no-spool gsoap ""
}
