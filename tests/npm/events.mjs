// Reads CloudEvents from standard input and gives each to the cloudevents library, strictly. --batch: one JSON array
// (application/cloudevents-batch+json), --files FILE...: one event a file, else one event a line. Prints "TYPE SUBJECT PARTITIONKEY SEQUENCE" of each.
import { readFileSync } from "node:fs";
import { HTTP } from "cloudevents";

const kind = process.argv.includes("--batch") ? "cloudevents-batch" : "cloudevents";
const bodies = () => {
	if (process.argv[2] === "--files") return process.argv.slice(3).map((file) => readFileSync(file, "utf8"));
	const text = readFileSync(0, "utf8");
	return kind === "cloudevents" ? text.split("\n").filter((line) => line !== "") : [text];
};

for (const body of bodies()) {
	const headers = { "content-type": `application/${kind}+json; charset=utf-8` };
	for (const event of [HTTP.toEvent({ headers, body })].flat()) {
		event.validate();
		if (typeof event.data !== "object") throw new Error(`${event.id}: data is no object`);
		console.log(event.type, event.subject, event.partitionkey, event.sequence);
	}
}
