// The receivers of docs/events, which use no packages, against standardwebhooks: what it signs they take, once, also after a
// restart; everything else they refuse. Prints 'N passed, N failed'. usage: node receivers.mjs
import { spawn, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { Webhook } from "standardwebhooks";

const docs = new URL("../../docs/events", import.meta.url).pathname;
const place = mkdtempSync(`${tmpdir()}/vorpost-receivers.`);
const body = readFileSync(`${docs}/golden/document.released.json`);
const { id } = JSON.parse(body);
const secrets = [1, 2].map(() => `whsec_${randomBytes(32).toString("base64")}`);
writeFileSync(`${place}/secret`, `${secrets.join("\n")}\n`);
let passed = 0, failed = 0;

function same(what, got, expected) {
	if (got === expected) return passed++;
	failed++;
	console.log(`FAILED: ${what}: got ${got}, expected ${expected}`);
}

async function start(command, script) {
	const child = spawn(command, [`${docs}/${script}`, `${place}/secret`, "0", `${place}/${script}.seen`]);
	child.text = "";
	for (const stream of [child.stdout, child.stderr]) stream.on("data", (data) => (child.text += data));
	for (let i = 0; i < 4800 && !child.text.includes("listening on "); i++) await new Promise((resolve) => setTimeout(resolve, 50));
	child.url = /listening on (\S+)/.exec(child.text)?.[1];
	if (!child.url) throw new Error(`${script} does not start: ${child.text}`);
	child.send = async (secret, { at = new Date(), sent = body, before = "" } = {}) => (await fetch(child.url, { method: "POST",
		body: sent, headers: { "content-type": "application/cloudevents+json", "webhook-id": id,
			"webhook-timestamp": String(Math.floor(at / 1000)),
			"webhook-signature": before + new Webhook(secret).sign(id, at, body.toString()) } })).status;
	child.end = () => new Promise((resolve) => child.on("exit", resolve) && child.kill("SIGKILL"));
	return child;
}

async function judge(command, script) {
	let receiver = await start(command, script);
	same(`${script}: wrong secret`, await receiver.send(`whsec_${randomBytes(32).toString("base64")}`), 401);
	same(`${script}: other body`, await receiver.send(secrets[0], { sent: `${body} ` }), 401);
	same(`${script}: an hour old`, await receiver.send(secrets[0], { at: new Date(Date.now() - 3600e3) }), 401);
	same(`${script}: no headers`, (await fetch(receiver.url, { method: "POST", body })).status, 401);
	same(`${script}: good`, await receiver.send(secrets[0]), 204);
	same(`${script}: again, signed with the other secret, among other signatures`,
		await receiver.send(secrets[1], { before: "v1a,AAAA v1,AAAA " }), 204);
	await receiver.end();
	same(`${script}: once`, receiver.text.split("document.released").length - 1, 1);
	receiver = await start(command, script);
	same(`${script}: after a restart`, await receiver.send(secrets[0]), 204);
	await receiver.end();
	same(`${script}: still once`, receiver.text.split("document.released").length - 1, 0);
	same(`${script}: repetitions are recognised`, receiver.text.includes(`repeated ${id}`), true);
}

await judge(process.execPath, "receive.mjs");
if (spawnSync("python3", ["--version"]).status === 0) await judge("python3", "receive.py");
else console.log("SKIPPED: receive.py: python3 is not here");
rmSync(place, { recursive: true });
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
