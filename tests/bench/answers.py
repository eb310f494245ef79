#!/usr/bin/python3
"""answers.py FOLDER: canned answers of a transfer service, for nginx to give out.

Documents are random bytes in a PDF shell, so that neither base64 nor the search for a boundary sees a lucky pattern.
Written are FOLDER/FORM/SIZE/N.xml or N.mtom, and FOLDER/FORM-SIZE.list with a line "PATH SHA256" for each.
"""
import base64
import hashlib
import os
import sys

SIZES = {"50k": (51200, 8), "5m": (5 * 1024 * 1024, 3), "50m": (50 * 1024 * 1024, 1)}
BOUNDARY = "uuid:2c1f0a52-93d5-4c1e-8a76-5d0c3d9b7e11"
NAMESPACE = "http://www.bipro.net/namespace/"
ENVELOPE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>'
    '<tran:getShipmentResponse xmlns:tran="' + NAMESPACE + 'transfer" xmlns:nachr="' + NAMESPACE + 'nachrichten"'
    ' xmlns:allg="' + NAMESPACE + 'allgemein" xmlns:gevo="' + NAMESPACE + 'gevo"><tran:Response>'
    "<nachr:BiPROVersion>2.6.1.1.0</nachr:BiPROVersion><nachr:Status><nachr:StatusID>OK</nachr:StatusID>"
    "<nachr:Meldung><nachr:ArtID>Hinweis</nachr:ArtID><nachr:MeldungID>04000</nachr:MeldungID>"
    "<nachr:Text>Der Aufruf war erfolgreich</nachr:Text></nachr:Meldung></nachr:Status>"
    "<tran:Lieferung><tran:ID>SE00000001</tran:ID><tran:Kategorie>140013000</tran:Kategorie>"
    "<tran:AnzahlTransfers>1</tran:AnzahlTransfers><tran:Transfer><gevo:ArtID>140013000</gevo:ArtID>"
    "<gevo:Datei><allg:Dateiname>Beitragsrechnung.pdf</allg:Dateiname><allg:Dateityp>Dokument</allg:Dateityp>"
    "<allg:Daten>%s</allg:Daten></gevo:Datei>"
    "<tran:Sparte>70</tran:Sparte><tran:Versicherungsscheinnummer>41234567890</tran:Versicherungsscheinnummer>"
    "</tran:Transfer></tran:Lieferung></tran:Response></tran:getShipmentResponse></soapenv:Body></soapenv:Envelope>\n")


def document(size):
    head, tail = b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<<>>\nstream\n", b"\nendstream\nendobj\n%%EOF\n"
    return head + os.urandom(size - len(head) - len(tail)) + tail


def inline(body):
    return (ENVELOPE % base64.b64encode(body).decode()).encode()


def mtom(body):
    include = '<xop:Include xmlns:xop="http://www.w3.org/2004/08/xop/include" href="cid:document@bench.example"/>'
    head = "--%s\r\nContent-Type: %s\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <%s>\r\n\r\n"
    root = head % (BOUNDARY, 'application/xop+xml; charset=UTF-8; type="text/xml"', "root@bench.example")
    part = head % (BOUNDARY, "application/pdf", "document@bench.example")
    return ((root + ENVELOPE % include + "\r\n" + part).encode() + body + ("\r\n--%s--\r\n" % BOUNDARY).encode())


def main(folder):
    for size, (length, count) in SIZES.items():
        documents = [document(length) for _ in range(count)]
        for form, make, suffix in (("inline", inline, "xml"), ("mtom", mtom, "mtom")):
            os.makedirs(f"{folder}/{form}/{size}")
            with open(f"{folder}/{form}-{size}.list", "w") as index:
                for i, body in enumerate(documents):
                    path = f"{form}/{size}/{i}.{suffix}"
                    with open(f"{folder}/{path}", "wb") as file:
                        file.write(make(body))
                    index.write(f"/{path} {hashlib.sha256(body).hexdigest()}\n")


main(sys.argv[1])
