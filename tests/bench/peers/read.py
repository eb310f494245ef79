#!/usr/bin/python3
"""read.py BASE CA SECONDS LIST: zeep, decoded and hashed. Prints "READ SECONDS WRONG" as bench_read does."""
import hashlib
import os
import sys
import time

import requests
import zeep
from zeep.transports import Transport

base, ca, seconds, listing = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
with open(listing) as lines:
    entries = [line.split() for line in lines]
session = requests.Session()
session.verify = ca
session.trust_env = False  # else REQUESTS_CA_BUNDLE would win over verify
client = zeep.Client(
    os.path.join(os.path.dirname(os.path.abspath(__file__)), "service.wsdl"),
    transport=Transport(session=session), settings=zeep.Settings(xml_huge_tree=True))
binding = "{http://www.bipro.net/namespace/transfer}TransferSoap"
services = [client.create_service(binding, base + path) for path, _ in entries]
read = wrong = began = i = 0
while True:
    answer = services[i % len(entries)].getShipment(ID="SE00000001")
    body = answer.Lieferung if hasattr(answer, "Lieferung") else answer.Response.Lieferung
    wrong += hashlib.sha256(body.Transfer.Datei.Daten).hexdigest() != entries[i % len(entries)][1]
    i += 1
    now = time.monotonic()
    if i == len(entries):
        began = now
    elif began:
        read += 1
    if began and now - began >= seconds:
        break
print(read, "%.3f" % (now - began), wrong)
