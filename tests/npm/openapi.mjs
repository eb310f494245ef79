// Is docs/api/openapi.json valid, by somebody else's validator, and does it hold together?
//   every example fits its schema; every operation has an id of its own, refuses with the kinds that are listed, and those
//   kinds are the ones of api/problem.c with their status
// usage: node openapi.mjs FILE PROBLEM_C; prints a line a breach
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { Validator } from "@seriousme/openapi-schema-validator";

const [file, problem_c] = process.argv.slice(2);
const document = JSON.parse(readFileSync(file, "utf8"));
const breaches = [];
const breach = (where, what) => breaches.push(`${where}: ${what}`);

const judged = await new Validator().validate(structuredClone(document));
if (!judged.valid) breach("document", JSON.stringify(judged.errors));

const ajv = formats(new Ajv2020({ strict: false, allErrors: true }));
ajv.addSchema({ $id: "urn:vorpost:api", ...document });
const fits = (where, pointer, value) => {
	const check = ajv.compile({ $ref: `urn:vorpost:api#${pointer}` });
	if (!check(value)) breach(where, ajv.errorsText(check.errors));
};
const pointer_of = (...parts) => `/${parts.map((part) => encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))).join("/")}`;

let examples = 0;
function content_check(where, at, content = {}) {
	for (const [type, media] of Object.entries(content)) {
		const values = [...(media.example === undefined ? [] : [media.example]), ...Object.values(media.examples ?? {}).map((one) => one.value)];
		for (const value of values) {
			examples++;
			fits(`${where} ${type}`, pointer_of(...at, "content", type, "schema"), value);
		}
	}
}

const ids = new Set();
for (const [path, methods] of Object.entries(document.paths))
	for (const [method, operation] of Object.entries(methods)) {
		const where = `${method.toUpperCase()} ${path}`;
		if (ids.has(operation.operationId)) breach(where, `the id ${operation.operationId} comes twice`);
		ids.add(operation.operationId);
		const at = ["paths", path, method];
		content_check(where, [...at, "requestBody"], operation.requestBody?.content);
		for (const [status, response] of Object.entries(operation.responses)) content_check(`${where} ${status}`, [...at, "responses", status], response.content);
	}
for (const [name, response] of Object.entries(document.components.responses)) content_check(name, ["components", "responses", name], response.content);

// [PROBLEM_X] = { 400, "malformed", ... of the program, against the list of the document.
if (problem_c) {
	const source = readFileSync(problem_c, "utf8");
	const known = Object.fromEntries([...source.matchAll(/\[PROBLEM_[A-Z_]+\] = \{\s*(\d+),\s*"([a-z-]+)"/g)].map((match) => [`urn:vorpost:problem:${match[2]}`, match[1]]));
	const listed = document.components.schemas.Problem.properties.type.enum;
	for (const type of listed) if (!known[type]) breach("problems", `${type} is not in ${problem_c}`);
	for (const [type, status] of Object.entries(known)) {
		if (!listed.includes(type)) breach("problems", `${type} is not in the document`);
		for (const [name, response] of Object.entries(document.components.responses))
			for (const { value } of Object.values(response.content["application/problem+json"].examples))
				if (value.type === type && String(value.status) !== status) breach(name, `${type} is ${value.status}, in the program ${status}`);
	}
}

console.log(breaches.length ? breaches.join("\n") : `${ids.size} operations, ${examples} examples, ${Object.keys(document.components.schemas).length} schemas`);
process.exit(breaches.length ? 1 : 0);
