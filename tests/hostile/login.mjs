// login.mjs -- our login by certificate before another verifier of WS-Security (npm xml-crypto).
//
// usage: node login.mjs verify ENVELOPE CERTIFICATE.pem    exit 1 and a sentence, unless the key of this certificate signed its
//                                                          Timestamp and its Body as agreed
//        node login.mjs sign ENVELOPE KEY.pem NAME...      the envelope to stdout, signed anew over the elements of these names
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { X509Certificate } from 'node:crypto';

const require = createRequire(new URL('../bench/peers/', import.meta.url));
const { SignedXml } = require('xml-crypto');
const { DOMParser, XMLSerializer } = require('@xmldom/xmldom');
const [command, file, pem, ...names] = process.argv.slice(2);
const WSS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-';
const WSSE = `${WSS}wssecurity-secext-1.0.xsd`, WSU = `${WSS}wssecurity-utility-1.0.xsd`, X509 = `${WSS}x509-token-profile-1.0#X509v3`;
const DS = 'http://www.w3.org/2000/09/xmldsig#', SOAP = 'http://schemas.xmlsoap.org/soap/envelope/';
const EXC = 'http://www.w3.org/2001/10/xml-exc-c14n#', SHA256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const RSA_SHA256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const xml = readFileSync(file, 'utf8');
const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement;

function demand(ok, sentence) {
	if (!ok) {
		console.log(sentence);
		process.exit(1);
	}
}

function child(parent, space, name) {
	const found = Array.from(parent.childNodes).filter(node => node.namespaceURI === space && node.localName === name);
	demand(found.length === 1, `${found.length} elements ${name} in ${parent.localName}`);
	return found[0];
}
const security = () => child(child(root, SOAP, 'Header'), WSSE, 'Security');

// The certificate as the signature names it: KeyInfo, SecurityTokenReference, the token with this id.
function certificateShown(signature) {
	const reference = child(child(child(signature, DS, 'KeyInfo'), WSSE, 'SecurityTokenReference'), WSSE, 'Reference');
	const token = child(security(), WSSE, 'BinarySecurityToken');
	demand(reference.getAttribute('URI') === `#${token.getAttributeNS(WSU, 'Id')}`, 'the reference names another token');
	demand([reference, token].every(node => node.getAttribute('ValueType') === X509), 'the token is no X.509 certificate');
	demand(token.getAttribute('EncodingType') === `${WSS}soap-message-security-1.0#Base64Binary`, 'the token is not declared as base64');
	return new X509Certificate(Buffer.from(token.textContent, 'base64'));
}

// What xml-crypto verified, read back from the bytes that it digested.
function isSigned(signed, element) {
	const same = text => {
		const top = new DOMParser().parseFromString(text, 'text/xml').documentElement;
		return top.namespaceURI === element.namespaceURI && top.localName === element.localName
			&& top.getAttributeNS(WSU, 'Id') === element.getAttributeNS(WSU, 'Id') && top.textContent === element.textContent;
	};
	return signed.getSignedReferences().filter(same).length === 1;
}

function verify() {
	const signature = child(security(), DS, 'Signature');
	const certificate = certificateShown(signature);
	demand(certificate.raw.equals(new X509Certificate(readFileSync(pem)).raw), 'the certificate is another one');
	const signed = new SignedXml({ publicCert: certificate.publicKey.export({ type: 'spki', format: 'pem' }), idMode: 'wssecurity',
		getCertFromKeyInfo: () => null });
	signed.loadSignature(signature);
	demand(signed.signatureAlgorithm === RSA_SHA256 && signed.canonicalizationAlgorithm === EXC, 'signed by another algorithm');
	let ok = false, why = '';
	try { ok = signed.checkSignature(xml) } catch (error) { why = error.message }
	demand(ok, `the signature does not fit: ${signed.getReferences().find(one => one.validationError)?.validationError ?? why}`);
	demand(signed.getReferences().every(one => one.digestAlgorithm === SHA256 && `${one.transforms}` === EXC), 'digested by another algorithm');
	demand(isSigned(signed, child(root, SOAP, 'Body')), 'the Body is not signed');
	const timestamp = child(security(), WSU, 'Timestamp');
	demand(isSigned(signed, timestamp), 'the Timestamp is not signed');
	const [from, until] = ['Created', 'Expires'].map(name => Date.parse(child(timestamp, WSU, name).textContent));
	demand(until - from === 300000 && Math.abs(Date.now() - from) < 300000, 'the Timestamp does not say: five minutes from now');
}

function sign() {
	const old = child(security(), DS, 'Signature');
	const keyInfo = Array.from(child(old, DS, 'KeyInfo').childNodes).map(node => new XMLSerializer().serializeToString(node)).join('');
	old.parentNode.removeChild(old);
	const signer = new SignedXml({ privateKey: readFileSync(pem), idMode: 'wssecurity', signatureAlgorithm: RSA_SHA256,
		canonicalizationAlgorithm: EXC, getKeyInfoContent: () => keyInfo });
	for (const name of names)
		signer.addReference({ xpath: `//*[local-name(.)='${name}']`, transforms: [EXC], digestAlgorithm: SHA256 });
	signer.computeSignature(new XMLSerializer().serializeToString(root), { prefix: 'ds',
		location: { reference: "//*[local-name(.)='Security']", action: 'append' }, existingPrefixes: { o: WSSE, u: WSU } });
	process.stdout.write(signer.getSignedXml());
}

({ verify, sign })[command]();
