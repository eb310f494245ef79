/* cases_message.c -- unsigned answers: SOAP, XML, structure, base64, XOP; every limit, at it and one beyond. */
#include "tests/hostile/plain_check.h"

#include <string.h>

#include "tests/hostile/beyond.h"
#include "tests/hostile/hostile.h"

#define XML "text/xml; charset=utf-8"
#define ANY NULL

static const struct {
	enum hostile_class class;
	const char *why, *type, *body;
	enum refusal refusal;
} messages_refused[] = {
#define MESSAGE(class, why, type, body, refusal, says)                                             \
	{ CLASS_##class, why, type, body, REFUSAL_##refusal },
#include "tests/hostile/message.inc"
#undef MESSAGE
};

static void add_limits(struct hostile_list *list, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		for (size_t beyond = 0; beyond <= 1; beyond++) {
			struct hostile_case *c = hostile_add(
				list, CLASS_LIMIT,
				talloc_asprintf(mem, "%s%s", limits[i].what,
						beyond ? ", one beyond" : ", at the limit"),
				limits[i].answer(limits[i].most + beyond, mem),
				beyond ? limits[i].refusal : REFUSAL_NONE);

			c->facts = "answer";
		}
}

/* What grows without bound in a naive reader. */
static void add_long(struct hostile_list *list, TALLOC_CTX *mem)
{
	const size_t long_one = 8 << 20;
	char *laughs = talloc_strdup(mem, "<!DOCTYPE x [<!ENTITY a0 \"ha\">");

	for (int i = 1; i < 30; i++)
		laughs = talloc_asprintf_append_buffer(
			laughs, "<!ENTITY a%d \"&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;&a%d;\">", i,
			i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1, i - 1);
	hostile_add(list, CLASS_XML, "billion laughs, thirty deep",
		    talloc_asprintf(mem, "%s]><x>&a29;</x>", laughs), REFUSAL_DOCTYPE);
	hostile_add(list, CLASS_XML, "a tag that never ends",
		    in_transfer(talloc_asprintf(mem, "<v:x a=\"%s", many("a", long_one, mem)), mem),
		    REFUSAL_MARKUP_LONG);
	hostile_add(list, CLASS_XML, "a comment that never ends",
		    in_transfer(talloc_asprintf(mem, "<!--%s", many("a", long_one, mem)), mem),
		    REFUSAL_MARKUP_LONG);
	hostile_add(list, CLASS_XML, "CDATA that never ends",
		    in_transfer(talloc_asprintf(mem, "<v:x><![CDATA[%s", many("a", long_one, mem)),
				mem),
		    REFUSAL_MARKUP_LONG);
	hostile_add(list, CLASS_XML, "a name of 8 MiB",
		    in_transfer(talloc_asprintf(mem, "<v:%s/>", many("n", long_one, mem)), mem),
		    REFUSAL_MARKUP_LONG);
	hostile_add(list, CLASS_XML, "a hundred thousand levels", many("<a>", 100000, mem),
		    REFUSAL_NO_ENVELOPE);
	hostile_add(list, CLASS_XML, "a hundred thousand levels in the Transfer",
		    in_transfer(many("<v:x>", 100000, mem), mem), REFUSAL_DEPTH);
	hostile_add(
		list, CLASS_XML, "a hundred thousand attributes",
		in_transfer(talloc_asprintf(mem, "<v:x %s/>", many("a=\"\" ", 100000, mem)), mem),
		REFUSAL_ATTRIBUTE_TWICE);
	hostile_add(list, CLASS_XML, "a million references",
		    in_transfer(talloc_asprintf(mem, "<v:x>%s</v:x>", many("&#65;", 1000000, mem)),
				mem),
		    REFUSAL_NONE);
	hostile_add(list, CLASS_SOAP, "eight million blanks", many(" ", long_one, mem),
		    REFUSAL_LEADING_BLANKS);
	hostile_add(list, CLASS_SOAP, "longer than the profile allows", LIST(""),
		    REFUSAL_ANSWER_LONG)
		->most = 100;
}

/* A document of 30 MB that the last byte spoils. */
static void add_large(struct hostile_list *list, TALLOC_CTX *mem)
{
	char *base64 = many("QUJD", 10000000, mem);

	hostile_add(list, CLASS_BASE64, "30 MB and then a dollar",
		    talloc_asprintf(mem, TRANSFER(DATA("%s$")), base64), REFUSAL_BASE64_BYTE);
	hostile_add(
		list, CLASS_BASE64, "30 MB of the wrong digest",
		talloc_asprintf(
			mem,
			TRANSFER(
				"<g:Datei><a:Daten>%s</a:Daten><a:Pruefsumme>"
				"<a:Typ>SHA1</a:Typ><a:Wert>3c01bdbb26f358bab27f267924aa2c9a03fcfdb9"
				"</a:Wert></a:Pruefsumme></g:Datei>"),
			base64),
		REFUSAL_CHECKSUM);
}

#define TOKEN(inner)                                                                                    \
	BODY("<w:RequestSecurityTokenResponse xmlns:w=\"http://schemas.xmlsoap.org/ws/2005/02/trust\" " \
	     "xmlns:c=\"http://schemas.xmlsoap.org/ws/2005/02/sc\">" inner                              \
	     "</w:RequestSecurityTokenResponse>")
#define SESSION(inner)                                                                             \
	"<w:RequestedSecurityToken><c:SecurityContextToken>" inner                                 \
	"</c:SecurityContextToken></w:RequestedSecurityToken>"
#define EXCEPTION(code)                                                                            \
	BODY("<q:Fault><faultcode>q:Client</faultcode><faultstring>x</faultstring><detail>"        \
	     "<n:BiproException><n:Status><n:StatusID>NOK</n:StatusID>" CODE(                      \
		     code) "</n:Status></n:BiproException></detail></q:Fault>")

static const struct {
	enum hostile_class class;
	const char *why, *body;
	enum refusal refusal;
} others[] = {
	{ CLASS_STATUS, "wrong password", STATUS("NOK", CODE("00961")), REFUSAL_INSURER },
	{ CLASS_STATUS, "account locked, as a fault", EXCEPTION("00964"), REFUSAL_INSURER },
	{ CLASS_STATUS, "no such shipment", STATUS("NOK", CODE("04003")), REFUSAL_INSURER },
	{ CLASS_STATUS, "a code that nobody knows", STATUS("NOK", CODE("31337")), REFUSAL_INSURER },
	{ CLASS_STATUS, "a code of markup", STATUS("NOK", CODE("<![CDATA[<b>]]>")),
	  REFUSAL_INSURER },
	{ CLASS_STATUS, "a bare fault", BODY("<q:Fault/>"), REFUSAL_INSURER },
	{ CLASS_STATUS, "a status that is neither", STATUS("JEIN", ""), REFUSAL_INSURER },
	{ CLASS_STATUS, "OK and NOK at once", STATUS("OK NOK", ""), REFUSAL_INSURER },
	{ CLASS_STATUS, "a login without a token", TOKEN(""), REFUSAL_TOKEN_MISSING },
	{ CLASS_STATUS, "an empty Identifier", TOKEN(SESSION("<c:Identifier> </c:Identifier>")),
	  REFUSAL_TOKEN_MISSING },
	{ CLASS_STATUS, "two Identifiers",
	  TOKEN(SESSION("<c:Identifier>a</c:Identifier><c:Identifier>b</c:Identifier>")),
	  REFUSAL_SECOND_ELEMENT },
	{ CLASS_STATUS, "a token that is said to be invalid",
	  TOKEN("<w:Status><w:Code>http://schemas.xmlsoap.org/ws/2005/02/trust/status/invalid</w:Code></w:Status>" SESSION(
		  "<c:Identifier>a</c:Identifier>")),
	  REFUSAL_TOKEN_INVALID },
	{ CLASS_STATUS, "a token of another type",
	  TOKEN("<w:TokenType>urn:oasis:names:tc:SAML:2.0:assertion</w:TokenType>" SESSION(
		  "<c:Identifier>a</c:Identifier>")),
	  REFUSAL_TOKEN_TYPE },
	{ CLASS_XML, "half a surrogate pair as references",
	  LIST("<t:Lieferung><t:ID>&#xD800;&#xDC00;</t:ID></t:Lieferung>"), REFUSAL_CHARACTER },
	{ CLASS_XML, "a prefix bound to nothing", BODY("<y:x xmlns:y=\"\"/>"), REFUSAL_MALFORMED },
	{ CLASS_XML, "the xml prefix bound anew",
	  BODY("<y xmlns:xml=\"http://www.bipro.net/namespace/transfer\"/>"), REFUSAL_MALFORMED },
	{ CLASS_XML, "an entity in an attribute", BODY("<t:x a=\"&e;\"/>"), REFUSAL_ENTITY },
	{ CLASS_XML, "a DOCTYPE behind blanks", "\n\n<!DOCTYPE x><x/>", REFUSAL_DOCTYPE },
	{ CLASS_XML, "a DOCTYPE in UTF-8 with mark", "\xef\xbb\xbf<!DOCTYPE x><x/>",
	  REFUSAL_DOCTYPE },
	{ CLASS_XML, "a DOCTYPE in the Body", BODY("<!DOCTYPE x>"), REFUSAL_MALFORMED },
	{ CLASS_XML, "an entity of an entity of itself",
	  "<!DOCTYPE x [<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]><x>&a;</x>", REFUSAL_DOCTYPE },
	{ CLASS_XML, "quadratic blow-up",
	  "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\">]><x>&a;&a;&a;&a;&a;</x>",
	  REFUSAL_DOCTYPE },
	{ CLASS_XML, "attribute defaults by DTD", "<!DOCTYPE x [<!ATTLIST x a CDATA \"b\">]><x/>",
	  REFUSAL_DOCTYPE },
	{ CLASS_XML, "an XInclude of a file, unknown and passed over",
	  TRANSFER(
		  "<xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"file:///etc/passwd\"/>"),
	  REFUSAL_NONE },
	{ CLASS_XML, "a schema of the attacker's, not fetched",
	  TRANSFER("<v:x xsi:schemaLocation=\"urn:x http://127.0.0.1:1/x.xsd\"/>"), REFUSAL_NONE },
	{ CLASS_STRUCTURE, "another shipment than the one asked for", TRANSFER(""),
	  REFUSAL_OTHER_SHIPMENT },
	{ CLASS_STRUCTURE, "a document where none is expected", TRANSFER(DATA("QUJD")),
	  REFUSAL_DOCUMENT_UNEXPECTED },
	{ CLASS_STRUCTURE, "a link instead of bytes, not followed",
	  TRANSFER(
		  "<g:Datei><a:Dateiname>x</a:Dateiname><a:Datenlink>http://127.0.0.1:1/x</a:Datenlink></g:Datei>"),
	  REFUSAL_NONE },
	{ CLASS_STRUCTURE, "a path for a name, kept as data",
	  TRANSFER(
		  "<g:Datei><a:Dateiname>../../etc/cron.d/x</a:Dateiname><a:Daten>QUJD</a:Daten></g:Datei>"),
	  REFUSAL_NONE },
};

static void add_encodings(struct hostile_list *list)
{
	static const char half[] = "\xff\xfe<\0!\0-\0-\0\x00\xd8 \0-\0-\0>\0";
	static const char cut[] = "\xff\xfe<\0x\0/\0>";
	static const char bare[] = "<\0x\0/\0>\0";
	static const char four[] = "<\0\0\0x\0\0\0/\0\0\0>\0\0\0";
	static const char ebcdic[] = "\x4c\x6f\xa7\x94\x93\x40";

	hostile_add(list, CLASS_XML, "UTF-16 with half a pair", "", REFUSAL_ENCODING_BROKEN);
	list->cases[list->count - 1].bytes = half;
	list->cases[list->count - 1].len = sizeof half - 1;
	hostile_add(list, CLASS_XML, "UTF-16 cut in a character", "", REFUSAL_ENCODING_BROKEN);
	list->cases[list->count - 1].bytes = cut;
	list->cases[list->count - 1].len = sizeof cut - 1;
	hostile_add(list, CLASS_XML, "UTF-16 without a mark", "", REFUSAL_ENCODING_NO_MARK);
	list->cases[list->count - 1].bytes = bare;
	list->cases[list->count - 1].len = sizeof bare - 1;
	hostile_add(list, CLASS_XML, "UTF-32", "", REFUSAL_ENCODING_NO_MARK);
	list->cases[list->count - 1].bytes = four;
	list->cases[list->count - 1].len = sizeof four - 1;
	hostile_add(list, CLASS_XML, "EBCDIC", ebcdic, REFUSAL_NO_SOAP);
}

void cases_message(struct hostile_list *list, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < sizeof messages_refused / sizeof *messages_refused; i++)
		hostile_add(list, messages_refused[i].class, messages_refused[i].why,
			    messages_refused[i].body, messages_refused[i].refusal)
			->type = messages_refused[i].type;
	for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
		struct hostile_case *c = hostile_add(list, others[i].class, others[i].why,
						     others[i].body, others[i].refusal);

		c->asked = others[i].refusal == REFUSAL_OTHER_SHIPMENT ? "70002" : NULL;
		c->alone = others[i].refusal == REFUSAL_DOCUMENT_UNEXPECTED;
	}
	add_encodings(list);
	add_limits(list, mem);
	add_long(list, mem);
	add_large(list, mem);
}
