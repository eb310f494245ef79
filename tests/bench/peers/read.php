<?php
// read.php BASE CA SECONDS LIST: PHP's SoapClient, decoded and hashed. Prints "READ SECONDS WRONG" as bench_read does.
[, $base, $ca, $seconds, $list] = $argv;
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
	if (openssl_digest($bytes, 'sha256') !== $sha256)
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
