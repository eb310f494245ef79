// The schemas of docs/events, judged by ajv. usage: node contract.mjs COMMAND [--docs FOLDER]
//   schemas    every schema is one (2020-12, strictly), and stands alone
//   golden     every golden event fits its schema, and says nothing that its schema does not name
//   live       the same of events on standard input, one a line or one JSON array
//   promises   prints what the schemas promise, one member a line; --kept FILE: is every line of FILE still promised?
// Prints one line a breach and ends with 1, else what it did.
import { readFileSync, readdirSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";

const option = (name, otherwise) => {
	const at = process.argv.indexOf(name);
	return at < 0 ? otherwise : process.argv[at + 1];
};
const docs = option("--docs", new URL("../../docs/events", import.meta.url).pathname);
const names = (folder) => readdirSync(folder).filter((file) => file.endsWith(".json")).map((file) => file.slice(0, -5));
const load = (file) => JSON.parse(readFileSync(file, "utf8"));

const breaches = [];
const breach = (where, what) => breaches.push(`${where}: ${what}`);
const schemas = Object.fromEntries(names(`${docs}/schemas`).map((name) => [name, load(`${docs}/schemas/${name}.json`)]));
const ajv = formats(new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true }));
const compiled = {};

// Their messages say everything but where.
const told = (errors) => errors.map((error) => `${error.instancePath || "/"} ${error.message}`).join("; ");

function compile_all() {
	for (const [name, schema] of Object.entries(schemas)) {
		if (schema.$id !== `urn:vorpost:schema:${name}:1`) breach(name, `its $id is ${schema.$id}`);
		if (!ajv.validateSchema(schema)) breach(name, told(ajv.errors));
		try {
			compiled[name] = ajv.compile(schema);
		} catch (error) {
			breach(name, error.message);
		}
	}
}

// What a validator lets pass because members may be added: of what we send ourselves, every member must be named.
function unnamed(schema, value, path) {
	if (schema.type === "array" && Array.isArray(value)) return value.forEach((one) => unnamed(schema.items, one, `${path}[]`));
	if (schema.type !== "object" || typeof value !== "object" || value === null) return;
	for (const [member, inner] of Object.entries(value)) {
		const known = schema.properties?.[member];
		if (known) unnamed(known, inner, `${path}/${member}`);
		else if (schema.properties) breach(path, `'${member}' is not in the schema`);
	}
}

function judge(event, where) {
	const inbound = schemas.feedback.properties.type.enum.includes(event.type);
	const envelope = inbound ? "feedback" : "event";
	const type = event.type;
	if (!inbound && event.dataschema !== `urn:vorpost:schema:${type}:1`) breach(where, `dataschema is ${event.dataschema}`);
	if (!compiled[type]) return breach(where, `no schema for '${type}'`);
	for (const [name, value] of [[envelope, event], [type, event.data]]) {
		if (!compiled[name](value)) breach(where, `${name}: ${told(compiled[name].errors)}`);
		unnamed(schemas[name], value, `${where} ${name}`);
	}
}

function golden() {
	const found = names(`${docs}/golden`);
	for (const name of found) judge(load(`${docs}/golden/${name}.json`), `golden/${name}`);
	for (const name of Object.keys(schemas))
		if (!["event", "feedback", ...found].includes(name)) breach(name, "there is no golden event");
	return `${found.length} golden events`;
}

function live() {
	const text = readFileSync(0, "utf8").trim();
	const events = text.startsWith("[") ? JSON.parse(text) : text.split("\n").filter(Boolean).map((line) => JSON.parse(line));
	for (const event of events) judge(event, `${event.type} ${event.id}`);
	if (events.length === 0) breach("live", "no event came");
	return `${events.length} events of ${new Set(events.map((event) => event.type)).size} types`;
}

// One line for each thing that a receiver may rely on; what a later schema may not take back.
function promises_of(schema, path, lines) {
	for (const [member, inner] of Object.entries(schema.properties ?? {})) {
		const at = `${path}.${member}`;
		const types = [inner.type ?? (inner.const !== undefined ? typeof inner.const : "string")].flat().join("|");
		lines.push(`${at} is ${types}${inner.format ? ` (${inner.format})` : ""}`);
		if (schema.required?.includes(member)) lines.push(`${at} is always there`);
		for (const word of inner.enum ?? inner.anyOf?.[0].enum ?? []) lines.push(`${at} may be '${word}'`);
		if (inner.pattern) lines.push(`${at} looks like ${inner.pattern}`);
		promises_of(inner, at, lines);
		if (inner.items) promises_of(inner.items, `${at}[]`, lines);
	}
	return lines;
}

function promises() {
	const lines = Object.keys(schemas).sort().flatMap((name) => promises_of(schemas[name], name, []));
	const kept = option("--kept");
	if (!kept) return lines.join("\n");
	const old = readFileSync(kept, "utf8").split("\n").filter((line) => line && !line.startsWith("#"));
	for (const line of old) if (!lines.includes(line)) breach("no longer promised", line);
	for (const line of lines) if (!old.includes(line)) breach("not in the list of promises yet", line);
	return `${old.length} promises`;
}

compile_all();
const commands = { schemas: () => `${Object.keys(compiled).length} schemas`, golden, live, promises };
const done = commands[process.argv[2]]();
console.log(breaches.length ? breaches.join("\n") : done);
process.exit(breaches.length ? 1 : 0);
