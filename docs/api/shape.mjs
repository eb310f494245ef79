// The words that schemas.mjs and openapi.mjs are written in: each makes a piece of JSON Schema 2020-12, or of OpenAPI 3.1.

const described = (description) => (description ? { description } : {});
const like = (example) => (example === undefined ? {} : { examples: [example] });

// ---- schemas ----

export const text = (description, example, more = {}) => ({ type: "string", ...more, ...described(description), ...like(example) });
export const uuid = (description) => text(description, "0192f0c4-5a1e-7c3b-9a52-3f6d2b7c8e11", { format: "uuid" });
export const time = (description) => text(description, "2026-11-20T07:31:02Z", { format: "date-time" });
export const date = (description) => text(description, "2026-11-20", { format: "date" });
export const int = (description, example = 1, more = {}) => ({ type: "integer", ...more, ...described(description), ...like(example) });
export const count = (description, example = 1) => int(description, example, { minimum: 0 });
export const number = (description, example = 0.5, more = {}) => ({ type: "number", ...more, ...described(description), ...like(example) });
export const bool = (description, example = true) => ({ type: "boolean", ...described(description), ...like(example) });
export const one_of = (words, description) => ({ type: "string", enum: words, ...described(description) });

// The same, or null.
export function maybe(schema) {
	if (schema.$ref) return { anyOf: [schema, { type: "null" }] };
	const { enum: words, ...rest } = schema;
	return { ...rest, type: [schema.type, "null"].flat(), ...(words ? { enum: [...words, null] } : {}) };
}

export const list = (items, description, more = {}) => ({ type: "array", items, ...more, ...described(description) });
export const ref = (name) => ({ $ref: `#/components/schemas/${name}` });

// Of an answer: every member is there, further ones may be added by a later version.
export const answer = (properties, description) => ({
	type: "object",
	properties,
	required: Object.keys(properties),
	...described(description),
});

// Of a request: what is not named is refused; members whose name ends with ? may be left out.
export const asked = (properties, description) => ({
	type: "object",
	properties: Object.fromEntries(Object.entries(properties).map(([name, schema]) => [name.replace("?", ""), schema])),
	required: Object.keys(properties).filter((name) => !name.endsWith("?")),
	additionalProperties: false,
	...described(description),
});

export const page = (name, description) =>
	answer({ items: list(ref(name)), next: maybe(text("Ask `cursor` with this for what comes next; null: that was all.", "b2Zmc2V0")) }, description);

// ---- examples ----

// One value that fits, put together from the examples of the parts.
export function sample(schema, schemas) {
	if (schema.$ref) return sample(schemas[schema.$ref.split("/").pop()], schemas);
	if (schema.const !== undefined) return schema.const;
	if (schema.examples) return schema.examples[0];
	if (schema.enum) return schema.enum[0];
	if (schema.anyOf) return sample(schema.anyOf[0], schemas);
	if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => sample(part, schemas)));
	const type = [schema.type].flat()[0];
	if (type === "object")
		return Object.fromEntries(Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sample(inner, schemas)]));
	if (type === "array") return schema.prefixItems ? schema.prefixItems.map((one) => sample(one, schemas)) : Array.from({ length: schema.minItems ?? 1 }, () => sample(schema.items, schemas));
	if (type === "string") return "text";
	return type === "boolean" ? true : 1;
}
