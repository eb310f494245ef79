<?php
// read.php BASE CA SECONDS LIST [openssl]: PHP's SoapClient, decoded and hashed. Prints "READ SECONDS WRONG" as bench_read
// does. It hashes with hash(), as PHP's users do; or with OpenSSL, which is the quickest that PHP has.
[, $base, $ca, $seconds, $list] = $argv;
$digest = ($argv[5] ?? '') === 'openssl' ? fn ($bytes) => openssl_digest($bytes, 'sha256') : fn ($bytes) => hash('sha256', $bytes);
$entries = array_map(fn ($line) => explode(' ', $line), file($list, FILE_IGNORE_NEW_LINES));
$client = new SoapClient(__DIR__ . '/service.wsdl', [
	'cache_wsdl' => WSDL_CACHE_NONE,
	'keep_alive' => true,
	'exceptions' => true,
	'stream_context' => stream_context_create(['ssl' => ['cafile' => $ca, 'verify_peer' => true, 'verify_peer_name' => true]]),
]);
ini_set('memory_limit', '2G');
$read = $wrong = $began = 0;
for ($i = 0;; $i++) {
	[$path, $sha256] = $entries[$i % count($entries)];
	$client->__setLocation($base . $path);
	$answer = $client->getShipment(['ID' => 'SE00000001']);
	$bytes = $answer->Response->Lieferung->Transfer->Datei->Daten;
	if ($digest($bytes) !== $sha256)
		$wrong++;
	$now = hrtime(true);
	if ($i + 1 === count($entries))
		$began = $now;
	elseif ($began)
		$read++;
	if ($began && $now - $began >= $seconds * 1e9)
		break;
}
printf("%d %.3f %d\n", $read, ($now - $began) / 1e9, $wrong);
