// A receiver in plain node, without packages: verified, recognised if repeated, durable before the answer.
// usage: node receive.mjs SECRET_FILE [PORT] [SEEN_FILE]
import { createHmac, timingSafeEqual } from "node:crypto";
import { existsSync, fdatasyncSync, openSync, readFileSync, writeSync } from "node:fs";
import { createServer } from "node:http";

const [secretFile, port = "9000", seenFile = "seen.txt"] = process.argv.slice(2);
const seen = new Set(existsSync(seenFile) ? readFileSync(seenFile, "utf8").split("\n") : []);
const journal = openSync(seenFile, "a");

// Standard Webhooks: one of the signatures is HMAC-SHA256 over "id.timestamp.body", of the bytes as they came.
function verified(headers, body) {
	const { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signatures = "" } = headers;
	if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) <= 300)) return false;
	return readFileSync(secretFile, "utf8").trim().split("\n").some((secret) => {
		const key = Buffer.from(secret.replace("whsec_", ""), "base64");
		const mine = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body).digest();
		return signatures.split(" ").some((one) => {
			const theirs = Buffer.from(one.startsWith("v1,") ? one.slice(3) : "", "base64");
			return theirs.length === mine.length && timingSafeEqual(theirs, mine);
		});
	});
}

createServer((request, response) => {
	const pieces = [];
	request.on("data", (piece) => pieces.push(piece));
	request.on("end", () => {
		const body = Buffer.concat(pieces);
		if (!verified(request.headers, body)) return response.writeHead(401).end();
		const event = JSON.parse(body);
		if (!seen.has(event.id)) {
			console.log(event.type, event.partitionkey, JSON.stringify(event.data)); // your work, in one transaction with:
			writeSync(journal, `${event.id}\n`);
			fdatasyncSync(journal);
			seen.add(event.id);
		} else console.log("repeated", event.id);
		response.writeHead(204).end();
	});
}).listen(Number(port), "127.0.0.1", function () {
	console.log(`listening on http://127.0.0.1:${this.address().port}/`);
});
