// A receiver that is not ours: every request goes through standardwebhooks and cloudevents as their users call them.
// Prints its URL, then one line a request: "ok TYPE ID SEQUENCE" or "bad REASON". LOG gets the bodies, one a line.
// standardwebhooks knows v1 only; v1a is verified with node's crypto against the public keys in KEY_FILE, if it is there.
// usage: node receiver.mjs SECRET_FILE [LOG [KEY_FILE]]     REFUSE_FIRST=1: the first event is never taken
import { createServer } from "node:http";
import { createPublicKey, verify } from "node:crypto";
import { appendFileSync, readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { CloudEvent, HTTP } from "cloudevents";

// The receiver knows one secret: the last line is the oldest one, which must do until a rotation is finished.
const words = (file) => readFileSync(file, "utf8").trim().split(/\s+/);
const secret = () => words(process.argv[2]).filter((word) => word.startsWith("whsec_")).at(-1);

// Ed25519 over the same text; the receiver knows one public key, the oldest one.
function verifyOpen(headers, body) {
	const key = Buffer.from(words(process.argv[4]).at(-1).slice("whpk_".length), "base64url");
	const jwk = createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: key.toString("base64url") }, format: "jwk" });
	const text = Buffer.from(`${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`);
	const given = headers["webhook-signature"].split(" ").filter((one) => one.startsWith("v1a,"));
	if (!given.some((one) => verify(null, text, jwk, Buffer.from(one.slice("v1a,".length), "base64"))))
		throw new Error("no v1a signature is valid");
}

let refused = process.env.REFUSE_FIRST ? undefined : null;

function judge(headers, body) {
	new Webhook(secret()).verify(body, headers);
	if (process.argv[4]) verifyOpen(headers, body);
	const event = HTTP.toEvent({ headers, body });
	if (!(event instanceof CloudEvent)) throw new Error("not one event");
	event.validate();
	if (headers["webhook-id"] !== event.id) throw new Error("webhook-id is not the event's id");
	if (refused === undefined) refused = event.id;
	if (refused === event.id) return `refused ${event.type} ${event.id}`;
	if (process.argv[3]) appendFileSync(process.argv[3], `${body}\n`);
	return `ok ${event.type} ${event.id} ${event.sequence ?? "-"}`;
}

const server = createServer((request, response) => {
	const pieces = [];
	request.on("data", (piece) => pieces.push(piece));
	request.on("end", () => {
		let line;
		try {
			line = judge(request.headers, Buffer.concat(pieces).toString("utf8"));
		} catch (error) {
			line = `bad ${error.message}`;
		}
		console.log(line);
		response.writeHead(line.startsWith("ok") ? 204 : line.startsWith("refused") ? 422 : 400).end();
	});
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
