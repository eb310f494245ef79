// Is the header one that standardwebhooks accepts, and is one that was tampered with refused by it, as by us?
// usage: node sign.mjs SECRET_FILE URL: sends four requests to vorpost-webhook, signed by standardwebhooks.
import { readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";

const [secretFile, url] = process.argv.slice(2);
const webhook = new Webhook(readFileSync(secretFile, "utf8").trim());
const body = JSON.stringify({ specversion: "1.0", id: "1", source: "//test", type: "endpoint.test" });
const now = new Date();
const past = new Date(now.getTime() - 3600 * 1000);

async function send(id, date, signedBody) {
	const headers = {
		"webhook-id": id,
		"webhook-timestamp": String(Math.floor(date.getTime() / 1000)),
		"webhook-signature": webhook.sign(id, date, signedBody),
	};
	await fetch(url, { method: "POST", headers, body });
}

await send("right", now, body);
await send("other-body", now, body + " ");
await send("too-old", past, body);
await fetch(url, { method: "POST", body });
