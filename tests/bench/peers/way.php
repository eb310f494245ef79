<?php
// way.php BASE USER PASSWORD_FILE DSN CONNECTION ISSUER FOLDER
//
// The whole way as a PHP programmer writes it, with the means that are quickest there: one curl handle (SoapClient cannot
// read MTOM), DOM for the message, OpenSSL's digest, prepared statements. List, get, take apart, hash, file and fsync,
// match and record in one transaction with the product's own tables, acknowledge. One process; the bench starts four.
[, $base, $user, $password_file, $dsn, $connection, $issuer, $folder] = $argv;
const SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const BIPRO = 'http://www.bipro.net/namespace/';
const SC = 'http://schemas.xmlsoap.org/ws/2005/02/sc';
const WSSE = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';

$curl = curl_init();
$type = '';
curl_setopt_array($curl, [
	CURLOPT_POST => true, CURLOPT_RETURNTRANSFER => true,
	CURLOPT_HEADERFUNCTION => function ($curl, $line) use (&$type) {
		if (stripos($line, 'content-type:') === 0)
			$type = trim(substr($line, 13));
		return strlen($line);
	},
]);

function call(string $url, string $action, string $header, string $body): string
{
	global $curl;
	curl_setopt_array($curl, [
		CURLOPT_URL => $url,
		CURLOPT_HTTPHEADER => ['Content-Type: text/xml; charset=utf-8', "SOAPAction: \"$action\"", 'Expect:'],
		CURLOPT_POSTFIELDS => '<?xml version="1.0" encoding="UTF-8"?><s:Envelope xmlns:s="' . SOAP . "\"><s:Header>$header</s:Header><s:Body>$body</s:Body></s:Envelope>",
	]);
	$answer = curl_exec($curl);
	if ($answer === false || curl_getinfo($curl, CURLINFO_RESPONSE_CODE) !== 200)
		throw new Exception("$action: " . curl_error($curl) . substr((string)$answer, 0, 500));
	return $answer;
}

function login(): string
{
	global $base, $user, $password_file;
	$password = htmlspecialchars(rtrim(file_get_contents($password_file)));
	$trust = 'http://schemas.xmlsoap.org/ws/2005/02/trust';
	$answer = call("$base/sts", "urn:RequestSecurityToken",
		'<o:Security xmlns:o="' . WSSE . "\"><o:UsernameToken><o:Username>$user</o:Username>" .
		'<o:Password Type="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText">' .
		"$password</o:Password></o:UsernameToken></o:Security>",
		"<w:RequestSecurityToken xmlns:w=\"$trust\"><w:TokenType>" . SC . "/sct</w:TokenType><w:RequestType>$trust/Issue</w:RequestType>" .
		'<n:BiPROVersion xmlns:n="' . BIPRO . 'nachrichten">2.6.1.1.0</n:BiPROVersion></w:RequestSecurityToken>');
	return xml($answer)->getElementsByTagNameNS(SC, 'Identifier')[0]->textContent;
}

function transfer(string $operation, string $id = ''): string
{
	global $base, $token;
	return call("$base/transfer", "urn:$operation",
		'<o:Security xmlns:o="' . WSSE . '"><c:SecurityContextToken xmlns:c="' . SC . "\"><c:Identifier>$token</c:Identifier></c:SecurityContextToken></o:Security>",
		"<t:$operation xmlns:t=\"" . BIPRO . 'transfer" xmlns:n="' . BIPRO . 'nachrichten"><t:Request><n:BiPROVersion>2.6.1.1.0</n:BiPROVersion>' .
		($id === '' ? '' : '<t:ID>' . htmlspecialchars($id) . '</t:ID>') . "</t:Request></t:$operation>");
}

function xml(string $text): DOMDocument
{
	$dom = new DOMDocument;
	if (!$dom->loadXML($text, LIBXML_NONET))
		throw new Exception('not well-formed');
	return $dom;
}

function text(DOMDocument $dom, string $namespace, string $name): ?string
{
	return $dom->getElementsByTagNameNS(BIPRO . $namespace, $name)[0]?->textContent;
}

/** The message and the parts by their Content-ID. */
function parts(string $body, string $type): array
{
	if (!preg_match('/boundary="([^"]+)"/', $type, $found))
		return [$body, []];
	$sign = "\r\n--$found[1]";
	$root = null;
	$parts = [];
	$at = strlen($sign) - 2;
	while (substr($body, $at, 2) !== '--') {
		$head = strpos($body, "\r\n\r\n", $at);
		$next = strpos($body, $sign, $head);
		if ($head === false || $next === false)
			throw new Exception('multipart is cut');
		$bytes = substr($body, $head + 4, $next - $head - 4);
		preg_match('/Content-ID: <([^>]+)>/i', substr($body, $at, $head - $at), $id);
		if ($root === null)
			$root = $bytes;
		else
			$parts[$id[1]] = $bytes;
		$at = $next + strlen($sign);
	}
	return [$root, $parts];
}

/** Durable under its digest. */
function keep(string $bytes): string
{
	global $folder;
	$sha256 = openssl_digest($bytes, 'sha256');
	$to = "$folder/" . substr($sha256, 0, 2) . "/$sha256";
	$part = "$folder/incoming-" . getmypid();
	$file = fopen($part, 'wb');
	if (fwrite($file, $bytes) !== strlen($bytes) || !fdatasync($file) || !fclose($file) || !rename($part, $to))
		throw new Exception('document store');
	$names = fopen(dirname($to), 'r'); // PHP opens a folder like a file, and can sync it
	if (!fsync($names) || !fclose($names))
		throw new Exception('document store');
	return $sha256;
}

function uuid(): string
{
	$hex = sprintf('%012x', (int)(microtime(true) * 1000)) . '7' . substr(bin2hex(random_bytes(2)), 1) . bin2hex(random_bytes(8));
	$hex[16] = '8';
	return vsprintf('%s%s-%s-%s-%s-%s%s%s', str_split($hex, 4));
}

$pdo = new PDO($dsn, null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION, PDO::ATTR_EMULATE_PREPARES => false]);
$find = $pdo->prepare('select n.origin, c.* from contract_name n join contract c using (broker, contract_id) where n.broker = ? and n.issuer = ? and n.key = ? limit 21');
$listed = $pdo->prepare('insert into shipment (broker, connection, shipment_id, category) values (?, ?, ?, ?) on conflict (broker, connection, shipment_id) do update set last_listed_at = now()');
$stored = $pdo->prepare("update shipment set state = 'stored', stored_at = now(), facts = ? where broker = ? and connection = ? and shipment_id = ? and state = 'listed'");
$document = $pdo->prepare('insert into document (broker, document_id, connection, shipment_id, transfer_no, file_no, name, declared_type, media_type, size, sha256, issuer, vu, business_case, line, numbers, facts, state, contract_id, customer_id, tier, reason, evidence, candidates) values (?, ?, ?, ?, 1, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
$event = $pdo->prepare('insert into event (broker, id, aggregatetype, aggregateid, type, payload) values (?, ?, ?, ?, ?, ?)');
$acknowledged = $pdo->prepare("update shipment set state = 'acknowledged', acknowledged_at = now() where broker = ? and connection = ? and shipment_id = ?");

$magic = new finfo(FILEINFO_MIME_TYPE);
$token = login();
$list = xml(transfer('listShipments'));
$shipments = [];
$pdo->beginTransaction();
foreach ($list->getElementsByTagNameNS(BIPRO . 'transfer', 'Lieferung') as $entry) {
	$id = $entry->getElementsByTagNameNS(BIPRO . 'transfer', 'ID')[0]->textContent;
	$listed->execute(['bench', $connection, $id, $entry->getElementsByTagNameNS(BIPRO . 'transfer', 'Kategorie')[0]->textContent]);
	$shipments[] = $id;
}
$pdo->commit();

foreach ($shipments as $id) {
	[$root, $parts] = parts(transfer('getShipment', $id), $type);
	$dom = xml($root);
	$cid = $dom->getElementsByTagNameNS('http://www.w3.org/2004/08/xop/include', 'Include')[0]->getAttribute('href');
	$bytes = $parts[rawurldecode(substr($cid, 4))];
	$sha256 = keep($bytes);
	$policy = text($dom, 'transfer', 'Versicherungsscheinnummer');
	$vu = text($dom, 'transfer', 'Unternehmensnummer');
	$case = text($dom, 'gevo', 'ArtID');

	$pdo->beginTransaction();
	$find->execute(['bench', $issuer, strtoupper(preg_replace('/[^0-9A-Za-z]/', '', $policy))]);
	$found = $find->fetchAll(PDO::FETCH_ASSOC);
	$filed = count($found) === 1 ? $found[0] : null;
	$stored->execute([json_encode(['transfers' => 1, 'warnings' => []]), 'bench', $connection, $id]);
	if ($stored->rowCount() === 1) {
		$document_id = uuid();
		$document->execute(['bench', $document_id, $connection, $id, text($dom, 'allgemein', 'Dateiname'), 'application/pdf',
			$magic->buffer(substr($bytes, 0, 4096)), strlen($bytes), $sha256, $issuer, $vu, $case, text($dom, 'transfer', 'Sparte'),
			json_encode([['kind' => 'policy', 'value' => $policy, 'path' => 'Versicherungsscheinnummer']]),
			json_encode(['posted' => text($dom, 'transfer', 'Einstellzeitpunkt'), 'broker_number' => text($dom, 'allgemein', 'Vermittlernummer')]),
			$filed ? 'filed' : 'queued', $filed['contract_id'] ?? null, $filed['customer_id'] ?? null, $filed ? 'exact' : 'none',
			$filed ? 'none' : 'unknown_number', json_encode([['says' => 'the number is a name of one contract', 'against' => false]]),
			json_encode(array_column($found, 'contract_id'))]);
		$event->execute(['bench', uuid(), 'customer', $filed['customer_id'] ?? $document_id, $filed ? 'document.attached' : 'document.unmatched',
			json_encode(['document_id' => $document_id, 'connection' => $connection, 'shipment_id' => $id, 'insurer' => $issuer, 'business_case' => $case])]);
	}
	$pdo->commit();

	transfer('acknowledgeShipment', $id);
	$acknowledged->execute(['bench', $connection, $id]);
}
