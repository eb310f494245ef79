// api_document.mjs -- docs/api/openapi.json for those who ask the program: its operations, a judge of answers, and a client that
// judges every answer it gets. Packages are those of tests/npm.
import { readFileSync } from "node:fs";
import http from "node:http";
import { createRequire } from "node:module";

const require = createRequire(new URL("../npm/package.json", import.meta.url));
const { Ajv2020 } = require("ajv/dist/2020.js");
const formats = require("ajv-formats");

export const document = JSON.parse(readFileSync(new URL("../../docs/api/openapi.json", import.meta.url), "utf8"));

const ajv = formats(new Ajv2020({ strict: false, allErrors: true }), { mode: "full" });
ajv.addSchema({ $id: "urn:vorpost:api", ...document });
const escape = (part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"));
const compiled = new Map();
function check_at(...parts) {
	const pointer = `urn:vorpost:api#/${parts.map(escape).join("/")}`;
	if (!compiled.has(pointer)) compiled.set(pointer, ajv.compile({ $ref: pointer }));
	return compiled.get(pointer);
}

export const resolve = (schema) => (schema?.$ref ? resolve(schema.$ref.split("/").slice(1).reduce((at, part) => at[part], document)) : schema);

// operationId -> {id, method, path, scopes, open, ...the operation}
export const operations = Object.fromEntries(Object.entries(document.paths).flatMap(([path, methods]) =>
	Object.entries(methods).map(([method, operation]) => [operation.operationId, { ...operation, id: operation.operationId, method: method.toUpperCase(), path, verb: method, open: operation.security.length === 0 }])));

// The types of problem that an operation documents.
export const refusals_of = (operation) =>
	Object.values(operation.responses).map(resolve).flatMap((response) => Object.keys(response.content?.["application/problem+json"]?.examples ?? {}));

// ajv lets members pass that nobody named, because later versions may add some; of our own answers each must be named.
function unnamed(schema, value, where, breaches) {
	schema = resolve(schema);
	if (!schema || value === null || typeof value !== "object") return;
	const parts = schema.anyOf ?? schema.allOf;
	if (parts) return parts.forEach((part) => resolve(part).type !== "null" && !schema.allOf && unnamed(part, value, where, breaches));
	if (Array.isArray(value)) return value.forEach((one) => unnamed(schema.items, one, `${where}[]`, breaches));
	for (const [member, inner] of Object.entries(value)) {
		const known = schema.properties?.[member];
		if (known) unnamed(known, inner, `${where}/${member}`, breaches);
		else if (schema.properties && !schema.additionalProperties) breaches.push(`${where}: '${member}' is not in the schema`);
	}
}

// What is wrong with an answer: sentences; none is good. kind: the type of the problem, if it is one.
export function judge(operation, answer) {
	const breaches = [], where = `${operation.id} ${answer.status}`;
	const response = resolve(operation.responses[answer.status]);
	const type = (answer.headers["content-type"] ?? "").toLowerCase();
	if (!response) return [`${where}: the status is not documented: ${answer.text.slice(0, 300)}`];
	if (!response.content) return answer.text && answer.status !== 302 ? [`${where}: an answer without content has some`] : [];
	const media = Object.keys(response.content).find((one) => type === one || type.split(";")[0] === one.split(";")[0]);
	if (!media) return [`${where}: the media type ${type || "none"} is not documented`];
	if (!/json/.test(media)) return [];
	if (answer.json === undefined) return [`${where}: it says JSON and is none: ${answer.text.slice(0, 200)}`];
	const at = operation.responses[answer.status].$ref
		? ["components", "responses", operation.responses[answer.status].$ref.split("/").pop()]
		: ["paths", operation.path, operation.verb, "responses", String(answer.status)];
	const check = check_at(...at, "content", media, "schema");
	if (!check(answer.json)) breaches.push(`${where}: ${ajv.errorsText(check.errors)}: ${answer.text.slice(0, 300)}`);
	if (media === "application/json") unnamed(response.content[media].schema, answer.json, where, breaches);
	if (media === "application/problem+json" && answer.json.status !== answer.status) breaches.push(`${where}: the problem says ${answer.json.status}`);
	return breaches;
}

export const kind_of = (answer) => (answer.json?.type ?? "").replace("urn:vorpost:problem:", "");

// ---- the client ----

// Asks as it is told, however wrong that is. stream: only the head is wanted, the rest is cut off.
export function ask(base, { method = "GET", path, headers = {}, body, from = "127.0.0.1", agent, wait_ms = 240000 }) {
	return new Promise((done, failed) => {
		const { hostname, port } = new URL(base);
		const request = http.request({ hostname, port, method, path, headers: { ...(body !== undefined ? { "Content-Length": Buffer.byteLength(body) } : {}), ...headers }, localAddress: from, agent: agent ?? false }, (response) => {
			const pieces = [];
			const end = () => {
				const bytes = Buffer.concat(pieces), text = bytes.toString("utf8");
				let json;
				try {
					json = JSON.parse(text);
				} catch {
					json = undefined;
				}
				done({ status: response.statusCode, headers: response.headers, text, bytes, json });
			};
			response.on("data", (piece) => pieces.push(piece));
			if ((response.headers["content-type"] ?? "").startsWith("text/event-stream")) {
				request.destroy();
				return end();
			}
			response.on("end", end);
			response.on("error", failed);
		});
		request.setTimeout(wait_ms, () => request.destroy(new Error(`${method} ${path}: no answer in ${wait_ms} ms`)));
		request.on("error", failed);
		request.on("socket", (socket) => socket.on("error", () => {})); // an answer may come before all of a large body is sent
		if (body !== undefined) request.write(body);
		request.end();
	});
}

// What a stream says until two seconds after that word; ended: the server closed it before. The time is patience.
export function listen(base, { path, headers, word, patience_ms = 240_000 }) {
	return new Promise((done, failed) => {
		const { hostname, port } = new URL(base);
		let text = "";
		const request = http.get({ hostname, port, path, headers, agent: false }, (response) => {
			const stop = () => (done({ text, ended: false }), request.destroy());
			let over = setTimeout(stop, patience_ms), heard = false;
			response.on("data", (piece) => {
				text += piece;
				if (heard || !text.includes(word)) return;
				heard = true;
				clearTimeout(over);
				over = setTimeout(stop, 2000);
			});
			response.on("error", () => {});
			response.on("end", () => (clearTimeout(over), done({ text, ended: true })));
		});
		request.on("error", failed);
	});
}

// "/a/{b}" and {b: "x/y"} -> "/a/x%2Fy"
export const path_of = (operation, params = {}, query = {}) => {
	const path = operation.path.replace(/\{([a-z]+)\}/g, (_, name) => encodeURIComponent(params[name] ?? "nobody"));
	const words = Object.entries(query).map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`);
	return words.length ? `${path}?${words.join("&")}` : path;
};
