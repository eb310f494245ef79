/* What must be refused (first), and what must be read, whatever the insurer's dialect. */
#include "ingest/limits.h"
#include "tests/ingest/read_helpers.h"

#define ANY NULL
#define XML "text/xml; charset=utf-8"

static const struct {
	const char *why, *type, *body;
	enum err_kind kind;
	const char *says; /* in the sentence */
} refused[] = {
	/* no SOAP at all */
	{ "nothing", XML, "", ERR_DELIVERY, "empty" },
	{ "blanks only", XML, " \r\n ", ERR_DELIVERY, "empty" },
	{ "a web page", "text/html; charset=utf-8", "<html><body>Wartung</body></html>",
	  ERR_DELIVERY, "text/html" },
	{ "a web page without type", ANY, "<html><body>Wartung</body></html>", ERR_DELIVERY,
	  "no SOAP" },
	{ "JSON", "application/json", "{\"error\":1}", ERR_DELIVERY, "application/json" },
	{ "bytes", "application/octet-stream", "%PDF-1.4 ...", ERR_DELIVERY, "octet-stream" },
	{ "text", ANY, "Service Unavailable", ERR_DELIVERY, "does not begin" },
	{ "SOAP 1.2", XML,
	  "<e:Envelope xmlns:e=\"http://www.w3.org/2003/05/soap-envelope\"><e:Body/></e:Envelope>",
	  ERR_DELIVERY, "SOAP 1.1" },
	{ "Envelope without namespace", XML, "<Envelope><Body/></Envelope>", ERR_DELIVERY,
	  "SOAP 1.1" },
	/* XML */
	{ "cut in the middle", XML, "<q:Envelope xmlns:q=\"" SOAP "\"><q:Body>", ERR_DELIVERY,
	  "ends in the middle" },
	{ "cut in a tag", XML, "<q:Envelope xmlns:q=\"" SOAP "\"><q:Bo", ERR_DELIVERY,
	  "ends in the middle" },
	{ "tags cross", XML, BODY("<a><b></a></b>"), ERR_DELIVERY, "" },
	{ "a second root", XML, LIST("") "<more/>", ERR_DELIVERY, "behind its root" },
	{ "text behind the root", XML, LIST("") "more", ERR_DELIVERY, "behind its root" },
	{ "DOCTYPE", XML, "<!DOCTYPE x><q:Envelope xmlns:q=\"" SOAP "\"/>", ERR_DELIVERY,
	  "DOCTYPE" },
	{ "DOCTYPE of a file", XML, "<!DOCTYPE x SYSTEM \"file:///etc/passwd\"><x/>", ERR_DELIVERY,
	  "DOCTYPE" },
	{ "external entity", XML,
	  "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><x>&e;</x>", ERR_DELIVERY,
	  "DOCTYPE" },
	{ "billion laughs", XML,
	  "<!DOCTYPE x [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;\">]>"
	  "<x>&c;</x>",
	  ERR_DELIVERY, "DOCTYPE" },
	{ "parameter entity bomb", XML,
	  "<!DOCTYPE x [<!ENTITY % a '<!ENTITY b \"x\">'><!ENTITY % p '&#37;a;&#37;a;&#37;a;&#37;a;&#37;a;'>"
	  "<!ENTITY % q '&#37;p;&#37;p;&#37;p;&#37;p;'>%q;%q;%q;]><x/>",
	  ERR_DELIVERY, "DOCTYPE" },
	{ "parameter entity of a host", XML,
	  "<!DOCTYPE x [<!ENTITY % a SYSTEM \"http://127.0.0.1:1/x\">%a;]><x/>", ERR_DELIVERY,
	  "DOCTYPE" },
	{ "processing instruction", XML, "<?php x?>" LIST(""), ERR_DELIVERY,
	  "processing instruction" },
	{ "instruction in the body", XML, BODY("<?x y?>"), ERR_DELIVERY, "processing instruction" },
	{ "instruction in Daten", XML, TRANSFER(DATA("QUJD<?x y?>RA==")), ERR_DELIVERY,
	  "processing instruction" },
	{ "unknown entity", XML, LIST("<t:Lieferung><t:ID>&id;</t:ID></t:Lieferung>"), ERR_DELIVERY,
	  "entity" },
	{ "prefix not declared", XML, BODY("<zz:listShipmentsResponse/>"), ERR_DELIVERY, "prefix" },
	{ "attribute twice", XML, BODY("<t:listShipmentsResponse a=\"1\" a=\"2\"/>"), ERR_DELIVERY,
	  "twice" },
	{ "attribute twice by namespace", XML,
	  BODY("<t:listShipmentsResponse xmlns:y=\"urn:y\" xmlns:z=\"urn:y\" y:a=\"1\" z:a=\"2\"/>"),
	  ERR_DELIVERY, "twice" },
	{ "broken UTF-8", XML, LIST("<t:Lieferung><t:ID>\xc3\x28</t:ID></t:Lieferung>"),
	  ERR_DELIVERY, "" },
	{ "overlong UTF-8", XML, LIST("<t:Lieferung><t:ID>\xc0\xaf</t:ID></t:Lieferung>"),
	  ERR_DELIVERY, "" },
	{ "NUL as reference", XML, LIST("<t:Lieferung><t:ID>&#0;</t:ID></t:Lieferung>"),
	  ERR_DELIVERY, "character" },
	{ "control character", XML, LIST("<t:Lieferung><t:ID>\x01</t:ID></t:Lieferung>"),
	  ERR_DELIVERY, "" },
	{ "unknown encoding", XML, "<?xml version=\"1.0\" encoding=\"EBCDIC-CP-DE\"?>" LIST(""),
	  ERR_DELIVERY, "encoding" },
	{ "UTF-7", XML, "<?xml version=\"1.0\" encoding=\"UTF-7\"?>" LIST(""), ERR_DELIVERY,
	  "encoding" },
	{ "UTF-16 said, not done", XML, "<?xml version=\"1.0\" encoding=\"UTF-16\"?>" LIST(""),
	  ERR_DELIVERY, "byte order mark" },
	{ "mark and declaration differ", XML,
	  "\xef\xbb\xbf<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>" LIST(""), ERR_DELIVERY,
	  "byte order mark" },
	{ "XML 1.1", XML, "<?xml version=\"1.1\"?>" LIST(""), ERR_DELIVERY, "" },
	{ "declaration behind blanks of a root", XML, "<!-- x --><?xml version=\"1.0\"?>" LIST(""),
	  ERR_DELIVERY, "" },
	/* structure */
	{ "empty Body", XML, BODY(""), ERR_DELIVERY, "empty" },
	{ "no Body", XML, "<q:Envelope xmlns:q=\"" SOAP "\"/>", ERR_DELIVERY, "Body" },
	{ "second Body", XML,
	  "<q:Envelope xmlns:q=\"" SOAP "\"" SPACES
	  "><q:Body><t:listShipmentsResponse/></q:Body><q:Body/></q:Envelope>",
	  ERR_DELIVERY, "second soap:Body" },
	{ "two answers in one Body", XML,
	  BODY("<t:listShipmentsResponse/><t:getShipmentResponse/>"), ERR_DELIVERY,
	  "second element" },
	{ "answer and fault", XML, BODY("<t:listShipmentsResponse/><q:Fault/>"), ERR_DELIVERY,
	  "second element" },
	{ "unknown answer", XML, BODY("<t:getOfferResponse/>"), ERR_DELIVERY,
	  "no answer of BiPRO" },
	{ "a request, not an answer", XML, BODY("<t:listShipments/>"), ERR_DELIVERY,
	  "no answer of BiPRO" },
	{ "wrapper in another namespace", XML, BODY("<n:listShipmentsResponse/>"), ERR_DELIVERY,
	  "no answer of BiPRO" },
	{ "wrapper in all capitals", XML, BODY("<t:LISTSHIPMENTSRESPONSE/>"), ERR_DELIVERY,
	  "no answer of BiPRO" },
	{ "no Response", XML, BODY("<t:listShipmentsResponse/>"), ERR_DELIVERY, "no Response" },
	{ "second Response", XML,
	  BODY("<t:listShipmentsResponse><t:Response/><t:Response/></t:listShipmentsResponse>"),
	  ERR_DELIVERY, "second Response" },
	{ "no Status", XML,
	  BODY("<t:listShipmentsResponse><t:Response/></t:listShipmentsResponse>"), ERR_DELIVERY,
	  "no Status" },
	{ "Status without StatusID", XML,
	  BODY("<t:listShipmentsResponse><t:Response><n:Status/></t:Response></t:listShipmentsResponse>"),
	  ERR_DELIVERY, "no Status" },
	{ "Status in a foreign namespace", XML,
	  BODY("<t:listShipmentsResponse><t:Response><g:Status><g:StatusID>OK</g:StatusID></g:Status></t:Response>"
	       "</t:listShipmentsResponse>"),
	  ERR_DELIVERY, "no Status" },
	{ "second Status", XML, LIST("<n:Status><n:StatusID>OK</n:StatusID></n:Status>"),
	  ERR_DELIVERY, "second Status" },
	{ "second StatusID", XML, STATUS("OK</n:StatusID><n:StatusID>NOK", ""), ERR_DELIVERY,
	  "second StatusID" },
	{ "unknown status", XML, STATUS("MAYBE", ""), ERR_DELIVERY, "NOK" },
	{ "get without Lieferung", XML, GET_RAW(OK_STATUS), ERR_DELIVERY, "no Lieferung" },
	{ "get with two Lieferung", XML,
	  GET("<t:ID>1</t:ID><t:Transfer/></t:Lieferung><t:Lieferung><t:ID>2</t:ID><t:Transfer/>"),
	  ERR_DELIVERY, "second Lieferung" },
	{ "Lieferung without ID", XML, GET("<t:Transfer/>"), ERR_DELIVERY, "no ID" },
	{ "Lieferung with empty ID", XML, GET("<t:ID> </t:ID><t:Transfer/>"), ERR_DELIVERY,
	  "no ID" },
	{ "Lieferung with nil ID", XML, GET("<t:ID xsi:nil=\"true\"/><t:Transfer/>"), ERR_DELIVERY,
	  "no ID" },
	{ "two IDs", XML, GET("<t:ID>1</t:ID><t:ID>2</t:ID><t:Transfer/>"), ERR_DELIVERY,
	  "second ID" },
	{ "no Transfer", XML, GET("<t:ID>1</t:ID>"), ERR_DELIVERY, "no Transfer" },
	{ "fewer transfers than said", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>2</t:AnzahlTransfers><t:Transfer/>"), ERR_DELIVERY,
	  "AnzahlTransfers says 2" },
	{ "more transfers than said", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>1</t:AnzahlTransfers><t:Transfer/><t:Transfer/>"),
	  ERR_DELIVERY, "AnzahlTransfers says 1" },
	{ "AnzahlTransfers is no number", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>one</t:AnzahlTransfers><t:Transfer/>"),
	  ERR_DELIVERY, "AnzahlTransfers" },
	{ "AnzahlTransfers negative", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>-1</t:AnzahlTransfers><t:Transfer/>"), ERR_DELIVERY,
	  "AnzahlTransfers" },
	{ "AnzahlTransfers huge", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>18446744073709551617</t:AnzahlTransfers><t:Transfer/>"),
	  ERR_DELIVERY, "AnzahlTransfers" },
	{ "AnzahlTransfers twice", XML,
	  GET("<t:ID>1</t:ID><t:AnzahlTransfers>1</t:AnzahlTransfers><t:AnzahlTransfers>1</t:AnzahlTransfers><t:Transfer/>"),
	  ERR_DELIVERY, "second AnzahlTransfers" },
	/* where a document could get lost */
	{ "Datei beside the Transfer", XML, GET("<t:ID>1</t:ID><t:Transfer/>" DATA("QUJD")),
	  ERR_DELIVERY, "outside a Transfer" },
	{ "Datei in the Response", XML, GET_RAW(OK_STATUS DATA("QUJD") "<t:Lieferung/>"),
	  ERR_DELIVERY, "outside a Transfer" },
	{ "Datei in an extension of the Response", XML,
	  GET_RAW("<v:Erweiterung>" DATA("QUJD") "</v:Erweiterung>" OK_STATUS "<t:Lieferung/>"),
	  ERR_DELIVERY, "outside a Transfer" },
	{ "Datei in a Datei", XML, TRANSFER("<g:Datei>" DATA("QUJD") "</g:Datei>"), ERR_DELIVERY,
	  "outside a Transfer" },
	{ "Transfer in a Transfer", XML, TRANSFER("<t:Transfer>" DATA("QUJD") "</t:Transfer>"),
	  ERR_DELIVERY, "Transfer stands outside" },
	{ "Transfer beside the Lieferung", XML, GET_RAW(OK_STATUS "<t:Transfer/><t:Lieferung/>"),
	  ERR_DELIVERY, "Transfer stands outside" },
	{ "two Daten", XML,
	  TRANSFER("<g:Datei><a:Daten>QUJD</a:Daten><a:Daten>QUJD</a:Daten></g:Datei>"),
	  ERR_DELIVERY, "second Daten" },
	{ "element in Daten", XML, TRANSFER(DATA("QUJD<a:x/>")), ERR_DELIVERY, "no xop:Include" },
	/* base64 */
	{ "broken base64", XML, TRANSFER(DATA("QUJ$")), ERR_DELIVERY, "0x24 at character 3" },
	{ "base64 without padding", XML, TRANSFER(DATA("QUI")), ERR_DELIVERY, "middle of a group" },
	{ "base64 behind padding", XML, TRANSFER(DATA("QQ==QUJD")), ERR_DELIVERY,
	  "behind its padding" },
	{ "bits under padding", XML, TRANSFER(DATA("QR==")), ERR_DELIVERY, "non-zero bits" },
	{ "base64url", XML, TRANSFER(DATA("QUJ-")), ERR_DELIVERY, "0x2d" },
	{ "broken base64 in CDATA", XML, TRANSFER(DATA("<![CDATA[QU$D]]>")), ERR_DELIVERY,
	  "0x24 at character 2" },
	{ "base64 as references, broken", XML, TRANSFER(DATA("QUJ&#36;")), ERR_DELIVERY,
	  "0x24 at character 3" },
	/* checksums */
	{ "wrong MD5", XML,
	  TRANSFER("<g:Datei><a:Daten>QUJD</a:Daten><a:Pruefsumme><a:Typ>MD5</a:Typ><a:Wert>"
		   "00000000000000000000000000000000</a:Wert></a:Pruefsumme></g:Datei>"),
	  ERR_DELIVERY, "MD5" },
	{ "wrong SHA1", XML,
	  TRANSFER("<g:Datei><a:Daten>QUJD</a:Daten><a:Pruefsumme><a:Typ>SHA1</a:Typ><a:Wert>"
		   "3c01bdbb26f358bab27f267924aa2c9a03fcfdb9</a:Wert></a:Pruefsumme></g:Datei>"),
	  ERR_DELIVERY, "SHA-1" },
	/* XOP without MIME */
	{ "reference in a plain answer", XML, TRANSFER(INCLUDE("d1@vu")), ERR_DELIVERY,
	  "not there" },
	{ "Include outside Daten", XML, TRANSFER("<x:Include href=\"cid:d1@vu\"/>"), ERR_DELIVERY,
	  "outside Daten" },
	{ "Include in a name", XML,
	  TRANSFER("<g:Datei><a:Dateiname><x:Include href=\"cid:d\"/></a:Dateiname></g:Datei>"),
	  ERR_DELIVERY, "outside Daten" },
	{ "Include in the header", XML,
	  "<q:Envelope xmlns:q=\"" SOAP "\"" SPACES
	  "><q:Header><x:Include href=\"cid:d\"/></q:Header></q:Envelope>",
	  ERR_DELIVERY, "outside Daten" },
	{ "bytes and Include", XML, TRANSFER(DATA("QUJD<x:Include href=\"cid:d\"/>")), ERR_DELIVERY,
	  "both" },
	{ "Include and bytes", XML, TRANSFER(DATA("<x:Include href=\"cid:d\"/>QUJD")), ERR_DELIVERY,
	  "both" },
	{ "two Includes", XML,
	  TRANSFER(DATA("<x:Include href=\"cid:d\"/><x:Include href=\"cid:d\"/>")), ERR_DELIVERY,
	  "second xop:Include" },
	{ "Include without href", XML, TRANSFER(DATA("<x:Include/>")), ERR_DELIVERY, "no href" },
	{ "Include of an address", XML, TRANSFER(DATA("<x:Include href=\"http://127.0.0.1/\"/>")),
	  ERR_DELIVERY, "cid:" },
	{ "Include of a file", XML, TRANSFER(DATA("<x:Include href=\"file:///etc/passwd\"/>")),
	  ERR_DELIVERY, "cid:" },
	{ "Include of nothing", XML, TRANSFER(DATA("<x:Include href=\"cid:\"/>")), ERR_DELIVERY,
	  "cid:" },
	/* multipart */
	{ "part missing", RELATED, ROOT TRANSFER(INCLUDE("d1@vu")) CLOSE, ERR_DELIVERY,
	  "not there" },
	{ "no closing delimiter", RELATED, ROOT TRANSFER(INCLUDE("d1@vu")) PART("d1@vu", "%PDF-"),
	  ERR_DELIVERY, "closing delimiter" },
	{ "part referenced twice", RELATED,
	  ROOT TRANSFER(INCLUDE("d1@vu") INCLUDE("d1@vu")) PART("d1@vu", "A") CLOSE, ERR_DELIVERY,
	  "same part" },
	{ "Content-ID twice", RELATED,
	  ROOT TRANSFER(INCLUDE("d1@vu")) PART("d1@vu", "A") PART("d1@vu", "B") CLOSE, ERR_DELIVERY,
	  "same Content-ID" },
	{ "percent signs decoded twice", RELATED,
	  ROOT TRANSFER(INCLUDE("d1%2540vu")) PART("d1@vu", "A") CLOSE, ERR_DELIVERY, "not there" },
	{ "fits two parts but for case", RELATED,
	  ROOT TRANSFER(INCLUDE("D1@vu")) PART("d1@vu", "A") PART("d1@VU", "B") CLOSE, ERR_DELIVERY,
	  "more than one" },
	{ "quoted-printable", RELATED,
	  ROOT TRANSFER(INCLUDE(
		  "d1@vu")) "\r\n--b-1\r\nContent-Transfer-Encoding: quoted-printable\r\nContent-ID: <d1@vu>"
			    "\r\n\r\nA" CLOSE,
	  ERR_DELIVERY, "Content-Transfer-Encoding" },
	{ "broken base64 part", RELATED,
	  ROOT TRANSFER(INCLUDE(
		  "d1@vu")) "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <d1@vu>\r\n\r\nQ" CLOSE,
	  ERR_DELIVERY, "base64" },
	{ "multipart in multipart", RELATED,
	  ROOT TRANSFER(INCLUDE(
		  "d1@vu")) "\r\n--b-1\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\nA" CLOSE,
	  ERR_DELIVERY, "itself multipart" },
	{ "root cut", RELATED, ROOT "<q:Envelope xmlns:q=\"" SOAP "\">" CLOSE, ERR_DELIVERY,
	  "ends in the middle" },
	{ "no root", RELATED, "--b-1\r\nContent-ID: <d1@vu>\r\n\r\nA" CLOSE, ERR_DELIVERY,
	  "no root" },
	{ "root is a document", "multipart/related; boundary=b-1", "--b-1\r\n\r\n%PDF-1.4" CLOSE,
	  ERR_DELIVERY, "" },
	{ "boundary twice", "multipart/related; boundary=b-1; boundary=b-2", ROOT CLOSE,
	  ERR_DELIVERY, "twice" },
	{ "boundary not allowed", "multipart/related; boundary=\"b\x01\"", ROOT CLOSE, ERR_DELIVERY,
	  "boundary" },
	{ "quotation open", "multipart/related; boundary=\"b-1", ROOT CLOSE, ERR_DELIVERY,
	  "quotation" },
	{ "attachment to a list", RELATED, ROOT LIST("") PART("d1@vu", "A") CLOSE, ERR_DELIVERY,
	  "attachments" },
	{ "another boundary than said", "multipart/related; boundary=b-2",
	  ROOT TRANSFER(INCLUDE("d")) PART("d", "A") CLOSE, ERR_DELIVERY, "no delimiter" },
	{ "checksum of a part wrong", RELATED,
	  ROOT TRANSFER(
		  "<g:Datei><a:Daten><x:Include href=\"cid:d1@vu\"/></a:Daten><a:Pruefsumme><a:Typ>md5</a:Typ>"
		  "<a:Wert>00</a:Wert></a:Pruefsumme></g:Datei>") PART("d1@vu", "A") CLOSE,
	  ERR_DELIVERY, "MD5" },
};

START_TEST(refuses)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *body = refused[_i].body;

	for (size_t step = 0; step <= 7;
	     step = step * 2 + 1) { /* whole, and in pieces of 1, 3, 7 */
		struct reading r = read_way(
			body, strlen(body),
			&(struct reading_way){ .type = refused[_i].type, .step = step }, mem);
		struct err again = { 0 };

		ck_assert_msg(!r.ok, "%s: was read as\n%s", refused[_i].why, facts_text(&r, mem));
		ck_assert_msg(r.e.kind == refused[_i].kind, "%s: %s", refused[_i].why, r.e.text);
		ck_assert_msg(strstr(r.e.text, refused[_i].says) != NULL, "%s (pieces of %zu): %s",
			      refused[_i].why, step, r.e.text);
		ck_assert(!reader_feed(r.reader, "x", 1, &again)); /* the same error for ever */
		ck_assert_str_eq(again.text, r.e.text);
	}
	talloc_free(mem);
}
END_TEST

/* --- NOK and faults: the most telling code decides --- */

#define FAULT(code, detail)                                                                        \
	BODY("<q:Fault><faultcode>" code "</faultcode><faultstring>x</faultstring><detail>" detail \
	     "</detail></q:Fault>")
#define EXCEPTION(codes)                                                                                           \
	"<n:BiproException><n:BiPROVersion>2.6.1.1.0</n:BiPROVersion><n:Status><n:StatusID>NOK</n:StatusID>" codes \
	"</n:Status></n:BiproException>"

static const struct {
	const char *body;
	enum err_kind kind;
	const char *code, *says;
} told[] = {
	{ STATUS("NOK", CODE("00960") CODE("00962")), ERR_RETRY, "00962", "00960, 00962" },
	{ STATUS("NOK", CODE("00962") CODE("00960")), ERR_RETRY, "00962", "00962, 00960" },
	{ STATUS("NOK", CODE("00960")), ERR_LOGIN, "00960", "00960" },
	{ STATUS("nok", CODE("00961")), ERR_LOGIN, "00961", "credentials" },
	{ STATUS("NOK", CODE("00962") CODE("00964")), ERR_LOGIN, "00964", "locked" },
	{ STATUS("NOK", CODE("00965")), ERR_LOGIN, "00965", "" },
	{ STATUS("NOK", CODE("00966")), ERR_LOGIN, "00966", "" },
	{ STATUS("NOK", CODE("00963")), ERR_LOGIN, "00963", "" },
	{ STATUS("NOK", CODE("00940")), ERR_RETRY, "00940", "out of service" },
	{ STATUS("NOK", CODE("00949")), ERR_RETRY, "00949", "" },
	{ STATUS("NOK", CODE("00932")), ERR_RETRY, "00932", "" },
	{ STATUS("NOK", CODE("00930")), ERR_SETUP, "00930", "" },
	{ STATUS("NOK", CODE("00931")), ERR_SETUP, "00931", "" },
	{ STATUS("NOK", CODE("00007")), ERR_SETUP, "00007", "schema" },
	{ STATUS("NOK", CODE("00008")), ERR_SETUP, "00008", "" },
	{ STATUS("NOK", CODE("00009")), ERR_SETUP, "00009", "" },
	{ STATUS("NOK", CODE("00909")), ERR_SETUP, "00909", "" },
	{ STATUS("NOK", CODE("04005")), ERR_SETUP, "04005", "category" },
	{ STATUS("NOK", CODE("04003")), ERR_DELIVERY, "04003", "no shipment" },
	{ STATUS("NOK", CODE("04006")), ERR_DELIVERY, "04006", "no longer" },
	{ STATUS("NOK", CODE("99999")), ERR_DELIVERY, "99999", "other" },
	{ STATUS("NOK", CODE("123")), ERR_DELIVERY, "123", "other" },
	{ STATUS("NOK", ""), ERR_DELIVERY, "", "no MeldungID" },
	{ STATUS("NOK", CODE("<![CDATA[<b>]]>")), ERR_DELIVERY, "", "no MeldungID" },
	{ FAULT("q:Client", EXCEPTION(CODE("00961"))), ERR_LOGIN, "00961", "a fault" },
	{ FAULT("q:Server", EXCEPTION(CODE("00932"))), ERR_RETRY, "00932", "a fault" },
	{ FAULT("soap-env:Server", EXCEPTION("")), ERR_RETRY, "", "of the server" },
	{ FAULT("q:Server", ""), ERR_RETRY, "", "of the server" },
	{ FAULT("q:Client", ""), ERR_DELIVERY, "", "no MeldungID" },
	{ FAULT("wsse:FailedAuthentication", ""), ERR_LOGIN, "00960", "" },
	{ FAULT("wsc:BadContextToken", ""), ERR_RETRY, "00962", "" },
	{ BODY("<q:Fault/>"), ERR_DELIVERY, "", "no MeldungID" },
	{ "<q:Fault xmlns:q=\"" SOAP "\"><faultcode>q:Server</faultcode></q:Fault>", ERR_RETRY, "",
	  "a fault" },
	{ GET_RAW("<n:Status><n:StatusID>NOK</n:StatusID>" CODE("04001") "</n:Status>"),
	  ERR_DELIVERY, "04001", "" },
};

START_TEST(codes)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reading r = read_text(XML, told[_i].body, mem);

	ck_assert(!r.ok);
	ck_assert_msg(r.refused, "%s", r.e.text);
	ck_assert_msg(r.e.kind == told[_i].kind, "%s: %s", err_kind_name(r.e.kind), r.e.text);
	ck_assert_str_eq(r.e.code, told[_i].code);
	ck_assert_msg(strstr(r.e.text, told[_i].says) != NULL, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(messages_never_reach_the_sentence)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reading r = read_text(
		XML,
		STATUS("NOK",
		       "<n:Meldung><n:MeldungID>00001</n:MeldungID><n:Text>Mustermann</n:Text></n:Meldung>"),
		mem);

	ck_assert(!r.ok);
	ck_assert_ptr_null(strstr(r.e.text, "Mustermann"));
	talloc_free(mem);
}
END_TEST

START_TEST(another_shipment_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *body = TRANSFER("");
	struct reading r = read_way(body, strlen(body),
				    &(struct reading_way){ .type = XML, .id = "70002" }, mem);

	ck_assert(!r.ok);
	ck_assert_ptr_nonnull(strstr(r.e.text, "another shipment"));
	r = read_way(body, strlen(body), &(struct reading_way){ .type = XML, .id = "70001" }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	body = GET("<t:ID>A&amp;B</t:ID><t:Transfer/>"); /* compared as decoded */
	r = read_way(body, strlen(body), &(struct reading_way){ .type = XML, .id = "A&B" }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

START_TEST(a_document_without_a_sink_is_refused)
{
	const struct reader_limits limits = { .answer_bytes_most = 1 << 20, .list_most = 10 };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct reader *reader = reader_new(XML, NULL, &limits, NULL, mem);
	struct answer *answer;
	struct err e = { 0 };

	ck_assert(
		!(reader_feed(reader, TRANSFER(DATA("QUJD")), strlen(TRANSFER(DATA("QUJD"))), &e) &&
		  reader_end(reader, &answer, &e)));
	ck_assert_ptr_nonnull(strstr(e.text, "none is expected"));
	talloc_free(mem);
}
END_TEST

START_TEST(a_failure_abandons_the_open_document)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	TALLOC_CTX *shipment = talloc_new(mem);
	struct document_sink *sink = kept_sink(mem);
	struct kept *kept = sink->self;
	const struct reader_limits limits = { .answer_bytes_most = 1 << 20, .list_most = 10 };
	struct reader *reader = reader_new(XML, NULL, &limits, sink, shipment);
	const char *body = TRANSFER(DATA("QUJDRA$"));
	struct err e = { 0 };

	ck_assert(!reader_feed(reader, body, strlen(body), &e));
	talloc_free(shipment);
	ck_assert(!kept->open);
	ck_assert_int_eq(kept->closed, 0);
	ck_assert_int_eq(kept->abandoned, 1);
	talloc_free(mem);
}
END_TEST

/* One entry that cannot be asked for does not hide the others; how many there were is told. */
START_TEST(a_list_entry_without_usable_id_is_passed_over)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *id = talloc_zero_size(mem, SHIPMENT_ID_LEN_MOST + 2);
	struct reading r;

	memset(id, 'x', SHIPMENT_ID_LEN_MOST + 1);
	r = read_text(XML,
		      talloc_asprintf(mem,
				      LIST("<t:Lieferung><t:Kategorie>1</t:Kategorie></t:Lieferung>"
					   "<t:Lieferung><t:ID>70001</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID> </t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>%s</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>70001</t:ID></t:Lieferung>"
					   "<t:Lieferung><t:ID>%s</t:ID></t:Lieferung>"),
				      id, id + 1),
		      mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_uint_eq(r.answer->list.count, 2);
	ck_assert_uint_eq(r.answer->list.passed_over, 3);
	ck_assert_str_eq(r.answer->list.items[0].id, "70001");
	ck_assert_str_eq(r.answer->list.items[1].id, id + 1);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("refusals");

	tcase_add_loop_test(tests, refuses, 0, sizeof refused / sizeof refused[0]);
	tcase_add_loop_test(tests, codes, 0, sizeof told / sizeof told[0]);
	tcase_add_test(tests, messages_never_reach_the_sentence);
	tcase_add_test(tests, a_list_entry_without_usable_id_is_passed_over);
	tcase_add_test(tests, another_shipment_is_refused);
	tcase_add_test(tests, a_document_without_a_sink_is_refused);
	tcase_add_test(tests, a_failure_abandons_the_open_document);
	return run_suite("reader", tests);
}
