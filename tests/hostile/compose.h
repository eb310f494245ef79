/* compose.h -- signed messages taken apart and put together as an attacker would. */
#ifndef TESTS_HOSTILE_COMPOSE_H
#define TESTS_HOSTILE_COMPOSE_H

#include "tests/ingest/trust_helpers.h"

/* --- what recipes are written in --- */

#define TRANSFORMS(list) "<ds:Transforms>" list "</ds:Transforms>"
#define C14N(algorithm)                                                                            \
	"<ds:CanonicalizationMethod Algorithm=\"" algorithm "\"></ds:CanonicalizationMethod>"
#define KEY_INFO(inner) "<ds:KeyInfo>" inner "</ds:KeyInfo>"
#define STR(inner)      "<wsse:SecurityTokenReference>" inner "</wsse:SecurityTokenReference>"

/* A Body whose payload bears the id that the signature names. */
#define PAYLOAD_SIGNED                                                                             \
	"<soap:Body xmlns:soap=\"" SOAP_NS "\" xmlns:wsu=\"" WSU_NS                                \
	"\" wsu:Id=\"other\"><x Id=\"body\">x</x></soap:Body>"

/* --- wrapping --- */

/* %B the signed Body, %E another with another id, %e with the same, %n without, %S Security, %A all of the message */
static inline char *composed(const char *plan, const struct sample *s, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "");

	for (; *plan; plan++) {
		const char *piece = NULL;

		if (*plan == '%') {
			switch (*++plan) {
			case 'B':
				piece = s->body;
				break;
			case 'E':
				piece = BODY_TEXT("evil", EVIL);
				break;
			case 'e':
				piece = BODY_TEXT("body", EVIL);
				break;
			case 'n':
				piece = "<soap:Body>" EVIL "</soap:Body>";
				break;
			case 'S':
				piece = s->security;
				break;
			case 'A':
				piece = s->text;
				break;
			}
			out = talloc_strdup_append_buffer(out, piece);
		} else {
			out = talloc_strndup_append_buffer(out, plan, 1);
		}
	}
	return talloc_asprintf(mem, "<soap:Envelope xmlns:soap=\"" SOAP_NS "\">%s</soap:Envelope>",
			       out);
}

/* The signed Body stands in front of this text of Security, perhaps in an Object; another one in its place. */
static inline char *hidden(const char *place, bool in_object, const struct sample *s,
			   TALLOC_CTX *mem)
{
	struct sample hiding = *s;
	char *here = talloc_asprintf(
		mem, in_object ? "<ds:Object xmlns:ds=\"" DS_NS "\">%s</ds:Object>%s" : "%s%s",
		s->body, place);

	hiding.security = replaced(s->security, place, here, mem);
	return composed(in_object ? "<soap:Header>%S</soap:Header>%n"
				  : "<soap:Header>%S</soap:Header>%E",
			&hiding, mem);
}

/* --- MTOM --- */

#define XOP_BEGIN                                                                                  \
	"--b-1\r\nContent-Type: application/xop+xml; charset=UTF-8\r\nContent-ID: <root@vu>\r\n\r\n"
#define XOP_PART(id, bytes)                                                                        \
	"\r\n--b-1\r\nContent-Type: application/pdf\r\nContent-ID: <" id ">\r\n\r\n" bytes
#define XOP_END "\r\n--b-1--\r\n"
#define XOP_INCLUDE(id)                                                                            \
	"<x:Include xmlns:x=\"http://www.w3.org/2004/08/xop/include\" href=\"cid:" id "\"/>"

#define DOCUMENT      "%PDF-1.4"
#define DOCUMENT_TEXT "JVBERi0xLjQ=" /* as in GOOD */

/* The signed sample with this in the place of its base64, as the root of a multipart message with these parts. */
static inline char *mtom_of(const struct sample *s, const char *include, const char *parts,
			    TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, XOP_BEGIN "%s%s" XOP_END,
			       replaced(s->text, DOCUMENT_TEXT, include, mem), parts);
}

#endif
