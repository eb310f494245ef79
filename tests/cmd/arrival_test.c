/* arrival_test.c -- the whole way of a delivery by the program: an answer on the wire, polled, read, filed or queued, looked into,
 * and what the commands say of it. */
#include "program.h"

#include <openssl/evp.h>

#include "tests/ingest/documents_made.h"
#include "tests/ingest/scene.h"

#define LOGIN         TOKEN_ANSWER("2099-01-01T00:00:00Z")
#define LOGOUT        XML("200 OK") SOAP_BEGIN SOAP_END
#define LIST(entries) XML("200 OK") RESPONSE("listShipments", STATUS("OK", "04000") entries)
#define ONE_DOCUMENT                                                                               \
	XML("200 OK")                                                                              \
	RESPONSE("getShipment",                                                                    \
		 STATUS("OK", "04000") "<t:Lieferung><t:ID>A</t:ID><t:Kategorie>%s</t:Kategorie>"  \
				       "<t:AnzahlTransfers>1</t:AnzahlTransfers><t:Transfer>"      \
				       "<g:ArtID xmlns:g=\"http://www.bipro.net/namespace/gevo\">" \
				       "%s</g:ArtID><t:Versicherungsscheinnummer>27182810"         \
				       "</t:Versicherungsscheinnummer>"                            \
				       "<g:Datei xmlns:g=\"http://www.bipro.net/namespace/gevo\" " \
				       "xmlns:a=\"http://www.bipro.net/namespace/allgemein\">"     \
				       "<a:Dateiname>Brief.pdf</a:Dateiname><a:Daten>%s</a:Daten>" \
				       "</g:Datei></t:Transfer></t:Lieferung>")

static char *base64_of(const void *bytes, size_t len)
{
	char *text = talloc_size(program.mem, len / 3 * 4 + 8);

	EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
	return text;
}

/* Connection west brings one document about contract V-1, and is told that it is here. */
static void arrives(const char *category, const char *business_case, const void *bytes, size_t len)
{
	char *stock = talloc_asprintf(program.mem, "%s/stock.csv", program.place);
	const struct peer_answer script[] = {
		{ LOGIN, PEER_CLOSE },
		{ LIST("<t:Lieferung><t:ID>A</t:ID></t:Lieferung>"), PEER_CLOSE },
		{ talloc_asprintf(program.mem, ONE_DOCUMENT, category, business_case,
				  base64_of(bytes, len)),
		  PEER_CLOSE },
		{ ACK("OK", "04000"), PEER_CLOSE },
		{ LIST(""), PEER_CLOSE },
		{ LOGOUT, PEER_CLOSE },
	};
	struct peer peer;

	/* What is known of insurers and accounts belongs to no broker, and ports come again. */
	program_sql("delete from throttle_slot; delete from throttle; delete from credential");
	program_write(stock, "contract_id,vu,number\nV-1,9001,27182810\n", 0644);
	program_gives(0, talloc_asprintf(program.mem, "contracts import %s", stock));
	PEER_START(&peer, PEER_PLAIN, script);
	connection_made("west", peer.port);
	program_gives(0, "poll --once --allow-plain");
	peer_stop(&peer);
	ck_assert_str_eq(program_sql("select state from shipment"), "acknowledged");
}

/* ---- odd documents ---- */

struct odd {
	const void *bytes;
	size_t len;
	const char *media_type, *inside; /* how looking into it ends */
};

static struct odd zip_with(unsigned flags)
{
	struct zip *z = talloc_zero(program.mem, struct zip);

	zip_entry(z, flags, "Police.pdf", "0123456789abcdef");
	zip_close(z);
	return (struct odd){ z->bytes, z->len, "application/zip", flags ? "locked" : "read" };
}

static struct odd pdf_as(char *pdf, const char *inside)
{
	return (struct odd){ pdf, strlen(pdf), "application/pdf", inside };
}

static struct odd odd(int which)
{
	char *pdf = pdf_of(program.mem, "BT /F1 12 Tf 100 700 Td (Vertrag) Tj ET");
	size_t head = (size_t)(strstr(pdf, "<</Root") - pdf);

	switch (which) {
	case 0:
		return zip_with(0);
	case 1:
		return zip_with(1);
	case 2:
		return pdf_as(talloc_asprintf(program.mem, "%.*s" PDF_LOCKED "\n%%%%EOF\n",
					      (int)head, pdf),
			      "locked");
	case 3:
		return pdf_as(xfa_of(program.mem, XFA_FILLED), "read");
	default:
		return pdf_as(talloc_strdup(program.mem, "%PDF-1.7 and nothing"), "broken");
	}
}

/* A ZIP, one with a password, an encrypted PDF, a form in XFA, a corrupt PDF. */
START_TEST(odd_documents_are_kept_as_they_came_and_filed_like_any_other)
{
	struct odd o = odd(_i);
	unsigned char hash[EVP_MAX_MD_SIZE];
	const char *kept;

	ck_assert_int_eq(EVP_Digest(o.bytes, o.len, hash, NULL, EVP_sha256(), NULL), 1);
	arrives("100007000", "100007000", o.bytes, o.len);
	ck_assert_str_eq(program_sql("select state || ' ' || contract_id from document"),
			 "filed V-1");
	kept = program_sql("select sha256 || media_type from document");
	for (int i = 0; i < 32; i++)
		ck_assert_int_eq(
			strncmp(kept + 2 * i, talloc_asprintf(program.mem, "%02x", hash[i]), 2), 0);
	ck_assert_str_eq(kept + 64, o.media_type);
	program_gives(0, "document inspect");
	ck_assert_str_eq(program_sql("select state from document_text"), o.inside);
	ck_assert_str_eq(program_sql("select state || ' ' || contract_id from document"),
			 "filed V-1");
}
END_TEST

/* ---- letters about the mandate ---- */

static const struct mandate {
	const char *category, *business_case, *shown;
	bool decide; /* doctor tells it until somebody does */
} mandates[] = {
	{ "130100002", "130100002", "130100002 Einstellung", true },
	{ "100007000", "130017006", "130017006 Bestandsverlust droht", true },
	{ "130100001", "100007000", "130100001 Einstellung", true },
	{ "130017002", "", "130017002 Abgang", true },
	{ "130017001", "130017001", "130017001 Zugang", false },
	{ "130100002", "130017001", "130100002 Einstellung", true }, /* the graver of two */
};

/* Wherever its code stands: it waits, and is shown where somebody looks. */
START_TEST(a_letter_about_the_mandate_waits_and_is_shown)
{
	const struct mandate *m = &mandates[_i];
	char *pdf = pdf_of(program.mem, "BT ET");

	arrives(m->category, m->business_case, pdf, strlen(pdf));
	ck_assert_str_eq(program_sql("select state || ' ' || reason from document"),
			 "queued not_a_customer_document");
	program_gives(0, "connection show west");
	program_says(out, m->shown);
	program_gives(0, "connection show west --output json");
	program_says(out, "\"shipment\": \"A\"");
	program_gives(0, "contracts show V-1");
	program_says(out, m->shown);
	program_run("doctor");
	ck_assert(m->decide == (strstr(program.out, m->shown) != NULL));
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("arrival");

	tcase_add_loop_test(tc, odd_documents_are_kept_as_they_came_and_filed_like_any_other, 0, 5);
	tcase_add_loop_test(tc, a_letter_about_the_mandate_waits_and_is_shown, 0,
			    sizeof mandates / sizeof *mandates);
	return program_cases(suite_create("arrival"), tc);
}
