// A receiver that is not ours: every request goes through standardwebhooks and cloudevents as their users call them.
// Prints its URL, then one line a request: "ok TYPE ID SEQUENCE" or "bad REASON". LOG gets the bodies, one a line.
// usage: node receiver.mjs SECRET_FILE [LOG]
import { createServer } from "node:http";
import { appendFileSync, readFileSync } from "node:fs";
import { Webhook } from "standardwebhooks";
import { CloudEvent, HTTP } from "cloudevents";

// The receiver knows one secret: the last line is the oldest one, which must do until a rotation is finished.
const secret = () => readFileSync(process.argv[2], "utf8").trim().split(/\s+/).at(-1);

function judge(headers, body) {
	new Webhook(secret()).verify(body, headers);
	const event = HTTP.toEvent({ headers, body });
	if (!(event instanceof CloudEvent)) throw new Error("not one event");
	event.validate();
	if (headers["webhook-id"] !== event.id) throw new Error("webhook-id is not the event's id");
	if (process.argv[3]) appendFileSync(process.argv[3], `${body}\n`);
	return `ok ${event.type} ${event.id} ${event.sequence ?? "-"}`;
}

const server = createServer((request, response) => {
	const pieces = [];
	request.on("data", (piece) => pieces.push(piece));
	request.on("end", () => {
		let line;
		try {
			line = judge(request.headers, Buffer.concat(pieces).toString("utf8"));
		} catch (error) {
			line = `bad ${error.message}`;
		}
		console.log(line);
		response.writeHead(line.startsWith("ok") ? 204 : 400).end();
	});
});
server.listen(0, "127.0.0.1", () => console.log(`http://127.0.0.1:${server.address().port}/`));
