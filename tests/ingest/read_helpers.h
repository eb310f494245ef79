/* read_helpers.h -- for the reader's tests: a sink that keeps the bytes, messages from pieces, facts as text. */
#ifndef TESTS_INGEST_READ_HELPERS_H
#define TESTS_INGEST_READ_HELPERS_H

#include <check.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <talloc.h>

#include "base/text.h"
#include "ingest/reader.h"

/* --- messages --- */

#define SOAP  "http://schemas.xmlsoap.org/soap/envelope/"
#define BIPRO "http://www.bipro.net/namespace/"
#define SPACES                                                                                     \
	" xmlns:t=\"" BIPRO "transfer\" xmlns:n=\"" BIPRO "nachrichten\" xmlns:a=\"" BIPRO         \
	"allgemein\""                                                                              \
	" xmlns:g=\"" BIPRO "gevo\" xmlns:v=\"" BIPRO                                              \
	"vertrag\" xmlns:x=\"http://www.w3.org/2004/08/xop/include\""                              \
	" xmlns:m=\"http://www.w3.org/2005/05/xmlmime\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\""
#define BODY(content)                                                                              \
	"<q:Envelope xmlns:q=\"" SOAP "\"" SPACES "><q:Body>" content "</q:Body></q:Envelope>"
#define OK_STATUS                                                                                  \
	"<n:BiPROVersion>2.6.1.1.0</n:BiPROVersion><n:Status><n:StatusID>OK</n:StatusID></n:Status>"
#define GET_RAW(inner)                                                                             \
	BODY("<t:getShipmentResponse><t:Response>" inner "</t:Response></t:getShipmentResponse>")
#define GET(shipment)   GET_RAW(OK_STATUS "<t:Lieferung>" shipment "</t:Lieferung>")
#define TRANSFER(inner) GET("<t:ID>70001</t:ID><t:Transfer>" inner "</t:Transfer>")
#define DATA(text)                                                                                 \
	"<g:Datei><a:Dateiname>Police.pdf</a:Dateiname><a:Daten>" text "</a:Daten></g:Datei>"
#define INCLUDE(id) DATA("<x:Include href=\"cid:" id "\"/>")
#define LIST(inner)                                                                                \
	BODY("<t:listShipmentsResponse><t:Response>" OK_STATUS inner                               \
	     "</t:Response></t:listShipmentsResponse>")
#define STATUS(id, codes)                                                                          \
	BODY("<t:listShipmentsResponse><t:Response><n:Status><n:StatusID>" id                      \
	     "</n:StatusID>" codes "</n:Status></t:Response></t:listShipmentsResponse>")
#define CODE(code)                                                                                 \
	"<n:Meldung><n:ArtID>Fehler</n:ArtID><n:MeldungID>" code "</n:MeldungID></n:Meldung>"

#define RELATED                                                                                    \
	"multipart/related; type=\"application/xop+xml\"; start=\"<root@vu>\"; boundary=\"b-1\""
#define ROOT                                                                                       \
	"--b-1\r\nContent-Type: application/xop+xml; charset=UTF-8\r\nContent-ID: <root@vu>\r\n\r\n"
#define PART(id, bytes)                                                                                       \
	"\r\n--b-1\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: binary\r\nContent-ID: <" id \
	">\r\n\r\n" bytes
#define CLOSE "\r\n--b-1--\r\n"

/* --- a sink --- */

struct kept {
	EVP_MD_CTX *sha256;
	uint64_t size;
	bool open;
	int opened, closed, abandoned;
	char *bytes; /* of the last document, NULL if not wanted */
	size_t room;
};

static inline bool kept_open(void *self, struct err *e)
{
	struct kept *kept = self;

	(void)e;
	ck_assert(!kept->open);
	kept->open = true;
	kept->opened++;
	kept->size = 0;
	return EVP_DigestInit_ex(kept->sha256, EVP_sha256(), NULL);
}

static inline bool kept_write(void *self, const void *bytes, size_t len, struct err *e)
{
	struct kept *kept = self;

	(void)e;
	ck_assert(kept->open);
	if (kept->bytes && kept->size + len <= kept->room)
		memcpy(kept->bytes + kept->size, bytes, len);
	kept->size += len;
	return EVP_DigestUpdate(kept->sha256, bytes, len);
}

static inline bool kept_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE],
			      struct err *e)
{
	struct kept *kept = self;
	unsigned char digest[32];

	(void)e;
	ck_assert(kept->open);
	kept->open = false;
	kept->closed++;
	*size = kept->size;
	EVP_DigestFinal_ex(kept->sha256, digest, NULL);
	text_hex(sha256, digest, sizeof digest);
	return true;
}

static inline void kept_abandon(void *self)
{
	struct kept *kept = self;

	kept->open = false;
	kept->abandoned++;
}

static inline int kept_free(struct kept *kept)
{
	EVP_MD_CTX_free(kept->sha256);
	return 0;
}

static inline struct document_sink *kept_sink(TALLOC_CTX *mem)
{
	struct document_sink *sink = talloc(mem, struct document_sink);
	struct kept *kept = talloc_zero(sink, struct kept);

	kept->sha256 = EVP_MD_CTX_new();
	talloc_set_destructor(kept, kept_free);
	*sink = (struct document_sink){ kept, kept_open, kept_write, kept_close, kept_abandon };
	return sink;
}

static inline const char *sha256_of(const void *bytes, size_t len, TALLOC_CTX *mem)
{
	unsigned char digest[32];
	char *hex = talloc_size(mem, SHA256_TEXT_SIZE);

	EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL);
	text_hex(hex, digest, sizeof digest);
	return hex;
}

/* --- reading --- */

struct read_result {
	bool ok, refused;
	struct err e;
	struct answer *answer;
	struct kept *kept;
	struct reader *reader;
};

struct reading_way {
	const char *type, *id;
	size_t step;  /* bytes per feed, 0: all at once */
	size_t split; /* with step 0: feed in two pieces, cut here */
	const struct answer_source *source;
	uint64_t most;
};

static inline bool fed_by_step(struct reader *reader, const char *body, size_t len, size_t step,
			       struct err *e)
{
	for (size_t at = 0; at < len; at += step) {
		size_t n = len - at < step ? len - at : step;
		char *exact = malloc(n); /* so that the sanitizer sees a byte read too far */
		bool ok;

		memcpy(exact, body + at, n);
		ok = reader_feed(reader, exact, n, e);
		free(exact);
		if (!ok)
			return false;
	}
	return true;
}

static inline struct read_result read_way(const char *body, size_t len,
					  const struct reading_way *way, TALLOC_CTX *mem)
{
	const struct reader_limits limits = { .answer_bytes_most = way->most ? way->most : 1u << 30,
					      .list_most = 10000 };
	struct document_sink *sink = kept_sink(mem);
	struct read_result r = { .kept = sink->self };
	size_t step = way->step ? way->step : len ? len : 1;
	bool ok;

	r.reader = reader_new(way->type, way->id, &limits, sink, mem);
	if (way->source)
		reader_rereads(r.reader, way->source);
	if (way->split)
		ok = fed_by_step(r.reader, body, way->split, way->split, &r.e) &&
		     fed_by_step(r.reader, body + way->split, len - way->split, len, &r.e);
	else
		ok = fed_by_step(r.reader, body, len, step, &r.e);
	r.ok = ok && reader_end(r.reader, &r.answer, &r.e);
	if (!r.ok)
		ck_assert_int_ne(r.e.kind, ERR_NONE);
	r.refused = reader_refused(r.reader);
	return r;
}

static inline struct read_result read_text(const char *type, const char *body, TALLOC_CTX *mem)
{
	return read_way(body, strlen(body), &(struct reading_way){ .type = type }, mem);
}

/* --- facts as text: what two ways of reading must agree on --- */

static inline void say(char **out, const char *name, const char *value)
{
	if (value)
		*out = talloc_asprintf_append_buffer(*out, " %s=\"%s\"", name, value);
}

static inline void say_shipment(char **out, const struct shipment *s)
{
	*out = talloc_asprintf_append_buffer(*out, "shipment");
	say(out, "id", s->id);
	say(out, "category", s->category);
	say(out, "kind", s->kind);
	say(out, "line", s->line);
	say(out, "posted", s->posted);
	say(out, "until", s->available_until);
	*out = talloc_asprintf_append_buffer(*out, " data_only=%d periodic=%d transfers=%d\n",
					     s->data_only, s->periodic, s->transfer_count);
}

static inline void say_document(char **out, const struct document *d)
{
	*out = talloc_asprintf_append_buffer(*out, "  document%s", d->orphan ? " orphan" : "");
	say(out, "name", d->name);
	say(out, "declared", d->declared_type);
	say(out, "type", d->media_type);
	say(out, "file_kind", d->file_kind);
	say(out, "document_kind", d->document_kind);
	say(out, "description", d->description);
	say(out, "compression", d->compression);
	say(out, "created", d->created);
	say(out, "link", d->link);
	say(out, "checksum_kind", d->checksum_kind);
	say(out, "checksum", d->checksum);
	*out = talloc_asprintf_append_buffer(*out, " size=%llu sha256=%s\n",
					     (unsigned long long)d->size, d->sha256);
}

static inline void say_transfer(char **out, const struct transfer *t)
{
	*out = talloc_asprintf_append_buffer(*out, " transfer");
	say(out, "business_case", t->business_case);
	say(out, "line", t->line);
	say(out, "vu", t->insurer_vu);
	say(out, "insurer", t->insurer_name);
	say(out, "broker", t->broker_number);
	say(out, "plate", t->plate);
	say(out, "created", t->created);
	say(out, "text", t->text);
	say(out, "surname", t->party.surname);
	say(out, "first_name", t->party.first_name);
	say(out, "birth_date", t->party.birth_date);
	say(out, "postcode", t->party.postcode);
	say(out, "city", t->party.city);
	say(out, "street", t->party.street);
	*out = talloc_asprintf_append_buffer(*out, "\n");
	for (size_t i = 0; i < t->number_count; i++)
		*out = talloc_asprintf_append_buffer(*out, "  number %s=\"%s\" at %s\n",
						     number_kind_name(t->numbers[i].kind),
						     t->numbers[i].value, t->numbers[i].path);
	for (size_t i = 0; i < t->document_count; i++)
		say_document(out, &t->documents[i]);
}

static inline char *facts_text(const struct read_result *r, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, "");

	if (!r->ok)
		return talloc_asprintf(mem, "refused %s %s\n", err_kind_name(r->e.kind), r->e.code);
	out = talloc_asprintf_append_buffer(out, "answer %d", (int)r->answer->kind);
	say(&out, "version", r->answer->version);
	say(&out, "status", r->answer->status);
	say(&out, "token", r->answer->token);
	say(&out, "expires", r->answer->token_expires);
	out = talloc_asprintf_append_buffer(out, "\n");
	for (size_t i = 0; i < r->answer->list.count; i++)
		say_shipment(&out, &r->answer->list.items[i]);
	if (!r->answer->delivery)
		return out;
	say_shipment(&out, &r->answer->delivery->head);
	say(&out, "signature", r->answer->delivery->signature);
	out = talloc_asprintf_append_buffer(out, "\n");
	for (size_t i = 0; i < r->answer->delivery->transfer_count; i++)
		say_transfer(&out, &r->answer->delivery->transfers[i]);
	for (size_t i = 0; i < r->answer->delivery->warning_count; i++)
		out = talloc_asprintf_append_buffer(out, "warning %s\n",
						    r->answer->delivery->warnings[i]);
	return out;
}

static inline int run_suite(const char *name, TCase *tests)
{
	Suite *suite = suite_create(name);
	SRunner *runner = srunner_create(suite);
	int failed;

	suite_add_tcase(suite, tests);
	tcase_set_timeout(tests, 120);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
