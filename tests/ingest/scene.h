/*
 * scene.h -- a session with a scripted insurer (peer.h): answers to choose from, and what was asked.
 */
#ifndef TESTS_INGEST_SCENE_H
#define TESTS_INGEST_SCENE_H

#include "ingest/session.h"
#include "ingest/sts.h"
#include "ingest/transfer.h"
#include "tests/ingest/peer.h"

#define PASSWORD "geheim-4711-canary"
#define TOKEN    "bipro:token-canary"

/* No Content-Length: each answer ends with its connection. */
#define XML(status) "HTTP/1.1 " status "\r\nContent-Type: text/xml; charset=utf-8\r\n\r\n"
#define SOAP_BEGIN  "<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body>"
#define SOAP_END    "</s:Body></s:Envelope>"
#define NAMESPACES                                                                                 \
	" xmlns:t=\"http://www.bipro.net/namespace/transfer\""                                     \
	" xmlns:n=\"http://www.bipro.net/namespace/nachrichten\""
#define STATUS(id, code)                                                                           \
	"<n:BiPROVersion>2.6.1.1.0</n:BiPROVersion><n:Status><n:StatusID>" id "</n:StatusID>"      \
	"<n:Meldung><n:ArtID>Hinweis</n:ArtID><n:MeldungID>" code "</n:MeldungID></n:Meldung>"     \
	"</n:Status>"
#define RESPONSE(operation, inside)                                                                \
	SOAP_BEGIN "<t:" operation "Response" NAMESPACES "><t:Response>" inside                    \
		   "</t:Response></t:" operation "Response>" SOAP_END

#define TOKEN_ANSWER(expires)                                                                      \
	XML("200 OK")                                                                              \
	SOAP_BEGIN                                                                                 \
	"<w:RequestSecurityTokenResponse xmlns:w=\"http://schemas.xmlsoap.org/ws/2005/02/trust\">" \
	"<w:TokenType>http://schemas.xmlsoap.org/ws/2005/02/sc/sct</w:TokenType>"                  \
	"<w:RequestedSecurityToken><c:SecurityContextToken "                                       \
	"xmlns:c=\"http://schemas.xmlsoap.org/ws/2005/02/sc\"><c:Identifier>" TOKEN                \
	"</c:Identifier></c:SecurityContextToken></w:RequestedSecurityToken><w:Lifetime>"          \
	"<u:Expires xmlns:u=\"http://docs.oasis-open.org/wss/2004/01/"                             \
	"oasis-200401-wss-wssecurity-utility-1.0.xsd\">" expires "</u:Expires></w:Lifetime>"       \
	"</w:RequestSecurityTokenResponse>" SOAP_END
#define FAULT(code)                                                                                \
	XML("500 Internal Server Error")                                                           \
	SOAP_BEGIN "<s:Fault><faultcode>s:Client</faultcode><faultstring>nein</faultstring>"       \
		   "<detail><n:BiproException" NAMESPACES                                          \
		   ">" STATUS("NOK", code) "</n:BiproException></detail></s:Fault>" SOAP_END
#define FAULT_WITHOUT_CODE(faultcode)                                                              \
	XML("500 Internal Server Error")                                                           \
	SOAP_BEGIN "<s:Fault><faultcode>" faultcode "</faultcode><faultstring>nein</faultstring>"  \
		   "</s:Fault>" SOAP_END
#define LIST_EMPTY XML("200 OK") RESPONSE("listShipments", STATUS("OK", "04001"))
#define LIST_TWO                                                                                   \
	XML("200 OK")                                                                              \
	RESPONSE("listShipments",                                                                  \
		 STATUS("OK", "04000") "<t:Lieferung><t:ID>70001</t:ID></t:Lieferung>"             \
				       "<t:Lieferung><t:ID>A&amp;B</t:ID></t:Lieferung>")
#define LIST_NOK(code) XML("200 OK") RESPONSE("listShipments", STATUS("NOK", code))
#define GET_BODY(id)                                                                                             \
	RESPONSE(                                                                                                \
		"getShipment",                                                                                   \
		STATUS("OK",                                                                                     \
		       "04000") "<t:Lieferung><t:ID>" id "</t:ID>"                                               \
				"<t:AnzahlTransfers>1</t:AnzahlTransfers><t:Transfer>"                           \
				"<g:Datei xmlns:g=\"http://www.bipro.net/namespace/gevo\" "                      \
				"xmlns:a=\"http://www.bipro.net/namespace/allgemein\">"                          \
				"<a:Dateiname>Police.pdf</a:Dateiname><a:Daten>JVBERi0xLjQK</a:Daten></g:Datei>" \
				"</t:Transfer></t:Lieferung>")
#define GET(id)       XML("200 OK") GET_BODY(id)
#define ACK(id, code) XML("200 OK") RESPONSE("acknowledgeShipment", STATUS(id, code))

/* Counts documents and bytes, and what is left open. */
struct sink {
	struct document_sink sink;
	int opened, closed, abandoned;
	bool is_open;
	uint64_t bytes;
};

static inline bool sink_open(void *self, struct err *e)
{
	struct sink *s = self;

	(void)e;
	s->opened++;
	s->bytes = 0;
	return s->is_open = true;
}

static inline bool sink_write(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)bytes, (void)e;
	((struct sink *)self)->bytes += len;
	return true;
}

static inline bool sink_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE],
			      struct err *e)
{
	struct sink *s = self;

	(void)e;
	*size = s->bytes;
	memset(sha256, '0', SHA256_TEXT_SIZE - 1);
	sha256[SHA256_TEXT_SIZE - 1] = '\0';
	s->closed++;
	s->is_open = false;
	return true;
}

static inline void sink_abandon(void *self)
{
	struct sink *s = self;

	s->abandoned += s->is_open;
	s->is_open = false;
}

struct scene {
	TALLOC_CTX *mem;
	struct peer peer;
	struct profile profile;
	struct connection connection;
	char secret_file[64];
	struct spool *spool;
	struct session *session;
	struct sink sink;
	struct err e;
};

static inline void scene_secret(struct scene *s)
{
	int fd;

	strcpy(s->secret_file, "/tmp/vorpost-login-XXXXXX");
	fd = mkstemp(s->secret_file);
	ck_assert(write(fd, PASSWORD "\n", sizeof PASSWORD) == sizeof PASSWORD);
	close(fd);
}

static inline void scene_start(struct scene *s, const struct peer_answer *script, int script_len)
{
	struct session_options options;

	*s = (struct scene){ .mem = talloc_new(NULL), .profile = profile_default };
	peer_start(&s->peer, PEER_GOOD, script, script_len);
	scene_secret(s);
	s->profile.get_timeout_s = s->profile.list_timeout_s = s->profile.sts_timeout_s = 20;
	s->connection = (struct connection){ .name = "nord",
					     .issuer = "nordstern",
					     .sts_url = s->peer.url,
					     .transfer_url = s->peer.url,
					     .username = "tech-4711",
					     .secret_file = s->secret_file,
					     .ca_file = s->peer.ca_file };
	s->spool = spool_open("/tmp", s->mem, &s->e);
	s->sink.sink =
		(struct document_sink){ &s->sink, sink_open, sink_write, sink_close, sink_abandon };
	options = (struct session_options){ .spool = s->spool };
	s->session = session_new(&s->connection, &s->profile, &options, s->mem, &s->e);
	ck_assert_msg(s->session != NULL, "%s", s->e.text);
}

#define SCENE(name, ...)                                                                           \
	static const struct peer_answer script[] = { __VA_ARGS__ };                                \
	struct scene name;                                                                         \
	scene_start(&name, script, (int)(sizeof script / sizeof *script))

/* No secret may stand in what is logged. */
static inline void assert_err(const struct err *e, enum err_kind kind, const char *code)
{
	ck_assert_msg(e->kind == kind, "kind %s: %s", err_kind_name(e->kind), e->text);
	ck_assert_str_eq(e->code, code);
	ck_assert_ptr_null(strstr(e->text, "canary"));
}

/* What was asked, in a word a request: "login list login list". */
static inline void assert_asked(struct scene *s, const char *expected)
{
	static const char *const words[][2] = {
		{ "/trust/Issue", "login" },          { "/trust/Cancel", "logout" },
		{ "<t:listShipments ", "list" },      { "<t:getShipment ", "get" },
		{ "<t:acknowledgeShipment ", "ack" },
	};
	char asked[512] = "";

	peer_halt(&s->peer);
	for (int i = 0; i < s->peer.request_count; i++)
		for (size_t w = 0; w < sizeof words / sizeof *words; w++)
			if (strstr(s->peer.requests[i], words[w][0])) {
				strcat(asked, *asked ? " " : "");
				strcat(asked, words[w][1]);
			}
	ck_assert_str_eq(asked, expected);
}

static inline void scene_end(struct scene *s)
{
	talloc_free(s->mem);
	peer_stop(&s->peer);
	unlink(s->secret_file);
}

#endif
