// Is the AsyncAPI document valid, by the parser of those who made the format, and does it know every type?
// usage: node asyncapi.mjs FILE TYPE...
import { readFileSync } from "node:fs";
import { Parser } from "@asyncapi/parser";

const [file, ...types] = process.argv.slice(2);
const { document, diagnostics } = await new Parser().parse(readFileSync(file, "utf8"), { source: file });
for (const d of diagnostics)
	if (d.severity <= 1) console.log(`${d.path.join("/")}: ${d.message}`);
if (!document || diagnostics.some((d) => d.severity <= 1)) process.exit(1);
const known = new Set(document.allMessages().all().map((message) => message.name() ?? message.id()));
for (const type of types)
	if (!known.has(type)) {
		console.log(`no message '${type}'`);
		process.exitCode = 1;
	}
console.log(`${known.size} messages, ${document.allChannels().all().length} channels`);
