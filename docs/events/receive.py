"""A receiver in Python's standard library: verified, recognised if repeated, durable before the answer.

usage: python3 receive.py SECRET_FILE [PORT] [SEEN.sqlite]
"""
import base64, hashlib, hmac, json, sqlite3, sys, time
from http.server import BaseHTTPRequestHandler, HTTPServer

secret_file, port, seen_file = (sys.argv[1:] + ["9000", "seen.sqlite"][len(sys.argv) - 2:])[:3]
db = sqlite3.connect(seen_file)
db.execute("create table if not exists seen (id text primary key)")


def verified(headers, body):
    """Standard Webhooks: one of the signatures is HMAC-SHA256 over "id.timestamp.body", of the bytes as they came."""
    stamp = headers.get("webhook-timestamp", "")
    if not stamp.isdigit() or abs(time.time() - int(stamp)) > 300:
        return False
    signed = f"{headers.get('webhook-id', '')}.{stamp}.".encode() + body
    with open(secret_file) as secrets:
        keys = [base64.b64decode(line.strip().removeprefix("whsec_")) for line in secrets if line.strip()]
    mine = ["v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode() for key in keys]
    theirs = headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(a.encode(), b.encode()) for a in mine for b in theirs)


class Receiver(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("content-length", 0)))
        self.send_response(self.take(body))
        self.end_headers()

    def take(self, body):
        if not verified(self.headers, body):
            return 401
        event = json.loads(body)
        with db:  # one transaction: what you do with the event, and that you have seen it
            if db.execute("insert or ignore into seen values (?)", [event["id"]]).rowcount:
                print(event["type"], event["partitionkey"], json.dumps(event["data"]), flush=True)
            else:
                print("repeated", event["id"], flush=True)
        return 204

    def log_message(self, *_):
        pass


server = HTTPServer(("127.0.0.1", int(port)), Receiver)
print(f"listening on http://127.0.0.1:{server.server_port}/", flush=True)
server.serve_forever()
