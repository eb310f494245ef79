// write.mjs -- a getShipment answer signed by another writer of WS-Security (npm xml-crypto): our reader must verify it.
//
// usage: node write.mjs FOLDER     (key.pem, cert.pem lie there)
//
// signed: plain; attached: the document as an MTOM part; listed: with the ids and prefix lists of WSS4J; *-forged: changed afterwards.
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const { SignedXml } = createRequire(new URL('../bench/peers/', import.meta.url))('xml-crypto');
const folder = process.argv[2];
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const certificate = readFileSync(join(folder, 'cert.pem'), 'utf8').replace(/-----[^-]+-----|\s/g, '');
const time = shift => new Date(Date.now() + shift).toISOString().replace(/\.\d+/, '');
const token = `<wsse:BinarySecurityToken wsu:Id="X509-1" ValueType="${WSS}x509-token-profile-1.0#X509v3"
 EncodingType="${WSS}soap-message-security-1.0#Base64Binary">${certificate}</wsse:BinarySecurityToken>`;
// One document inline, as the signature covers it even where it travels as a part.
const document = Buffer.from('%PDF-1.4\r\n--b\r\n\0\xff\r\n', 'latin1');
const message = `<?xml version="1.0" encoding="UTF-8"?>
<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://www.bipro.net/namespace/transfer">
 <soapenv:Header><wsse:Security xmlns:wsse="${WSS}wssecurity-secext-1.0.xsd" xmlns:wsu="${WSS}wssecurity-utility-1.0.xsd"
 soapenv:mustUnderstand="1">${token}<wsu:Timestamp wsu:Id="TS-1"><wsu:Created>${time(-1000)}</wsu:Created>
 <wsu:Expires>${time(299000)}</wsu:Expires></wsu:Timestamp></wsse:Security></soapenv:Header>
 <soapenv:Body xmlns:wsu="${WSS}wssecurity-utility-1.0.xsd" wsu:Id="id-1"><t:getShipmentResponse><t:Response>
 <t:Status><t:StatusID>OK</t:StatusID></t:Status><t:Lieferung><t:ID>70001</t:ID><t:Transfer>
 <t:Versicherungsscheinnummer>12345678</t:Versicherungsscheinnummer><t:Datei><t:Daten>${document.toString('base64')}</t:Daten></t:Datei>
 </t:Transfer></t:Lieferung></t:Response></t:getShipmentResponse></soapenv:Body></soapenv:Envelope>`;

// prefixes: the PrefixList that WSS4J writes into the canonicalization and each reference; undefined: none.
function sign(prefixes, attrs) {
	const signer = new SignedXml({
		privateKey: readFileSync(join(folder, 'key.pem')), idMode: 'wssecurity', keyInfoAttributes: attrs && { Id: 'KI-1' },
		signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256', canonicalizationAlgorithm: EXC,
		inclusiveNamespacesPrefixList: prefixes,
		getKeyInfoContent: () => `<wsse:SecurityTokenReference${attrs ? ' wsu:Id="STR-1"' : ''}><wsse:Reference URI="#X509-1"
 ValueType="${WSS}x509-token-profile-1.0#X509v3"/></wsse:SecurityTokenReference>`,
	});
	for (const name of ['Body', 'Timestamp'])
		signer.addReference({ xpath: `//*[local-name(.)='${name}']`, transforms: [EXC], inclusiveNamespacesPrefixList: prefixes,
			digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256' });
	signer.computeSignature(message, { prefix: 'ds', attrs, location: { reference: "//*[local-name(.)='Security']", action: 'append' },
		existingPrefixes: { wsse: `${WSS}wssecurity-secext-1.0.xsd`, wsu: `${WSS}wssecurity-utility-1.0.xsd` } });
	return signer.getSignedXml();
}

// The signed text taken apart as XOP demands: the base64 becomes a part, as it is in the file.
function attach(text, bytes) {
	const crlf = lines => Buffer.from(lines.join('\r\n'));
	const include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:d-1%40writer.example"/>';
	return Buffer.concat([
		crlf(['HTTP/1.1 200 OK', 'Content-Type: multipart/related; type="application/xop+xml"; start="<root@writer.example>";'
			+ ' start-info="text/xml"; boundary="uuid:0a-1"', '', '--uuid:0a-1',
		'Content-Type: application/xop+xml; charset=UTF-8; type="text/xml"', 'Content-Transfer-Encoding: binary',
		'Content-ID: <root@writer.example>', '', text.replace(document.toString('base64'), include),
		'--uuid:0a-1', 'Content-Type: application/pdf', 'Content-Transfer-Encoding: binary', 'Content-ID: <d-1@writer.example>', '', '']),
		bytes, crlf(['', '--uuid:0a-1--', ''])]);
}

const signed = sign();
const other = Buffer.from(document);
other[other.length - 3] ^= 1;
writeFileSync(join(folder, 'document'), document);
writeFileSync(join(folder, 'signed.xml'), signed);
writeFileSync(join(folder, 'forged.xml'), signed.replace('12345678', '66666666'));
writeFileSync(join(folder, 'attached.xml'), attach(signed, document));
writeFileSync(join(folder, 'attached-forged.xml'), attach(signed, other));
writeFileSync(join(folder, 'listed.xml'), sign(['soapenv', 't'], { Id: 'SIG-1' }));
writeFileSync(join(folder, 'listed-forged.xml'), sign(['soapenv', 't'], { Id: 'SIG-1' }).replace('12345678', '66666666'));
