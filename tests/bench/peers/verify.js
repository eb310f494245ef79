// verify.js FOLDER SECONDS -- xml-crypto verifies the message that bench_trust made. Prints "COUNT SECONDS PROCESSOR-SECONDS".
import { readFileSync } from 'node:fs';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';

const [folder, seconds] = process.argv.slice(2);
const xml = readFileSync(`${folder}/message.xml`, 'utf8');
const publicCert = readFileSync(`${folder}/signer.pem`, 'utf8');
const DS = 'http://www.w3.org/2000/09/xmldsig#';

function verify() {
	const signature = new DOMParser().parseFromString(xml, 'text/xml').getElementsByTagNameNS(DS, 'Signature')[0];
	const signed = new SignedXml({ publicCert, idMode: 'wssecurity', getCertFromKeyInfo: () => null });
	signed.loadSignature(signature);
	if (!signed.checkSignature(xml))
		throw new Error('the signature does not match');
}

for (let i = 0; i < 20; i++)
	verify();
const began = performance.now(), worked = process.cpuUsage();
let count = 0, now = began;
for (; now - began < seconds * 1000; count++, now = performance.now())
	verify();
const { user, system } = process.cpuUsage(worked);
console.log(count, ((now - began) / 1000).toFixed(3), ((user + system) / 1e6).toFixed(3));
