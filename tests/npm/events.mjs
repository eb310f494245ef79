// Reads CloudEvents from standard input and gives each to the cloudevents library, strictly. --batch: one JSON array
// (application/cloudevents-batch+json), else one event a line. Prints "TYPE SUBJECT PARTITIONKEY SEQUENCE" of each.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";

const text = readFileSync(0, "utf8");
const kind = process.argv.includes("--batch") ? "cloudevents-batch" : "cloudevents";
const bodies = kind === "cloudevents" ? text.split("\n").filter((line) => line !== "") : [text];

for (const body of bodies) {
	const headers = { "content-type": `application/${kind}+json; charset=utf-8` };
	for (const event of [HTTP.toEvent({ headers, body })].flat()) {
		event.validate();
		if (typeof event.data !== "object") throw new Error(`${event.id}: data is no object`);
		console.log(event.type, event.subject, event.partitionkey, event.sequence);
	}
}
