/* The signature policy over an answer: what was signed is read, and nothing else reaches the store. */
#include "ingest/reading.h"
#include "tests/ingest/trust_helpers.h"

#define MINUTE_MS 60000ll

/* Counts the documents that were begun, were completed, and their bytes. */
struct store {
	struct document_sink sink;
	int opened, closed;
	uint64_t bytes;
};

static bool store_open(void *self, struct err *e)
{
	(void)e;
	((struct store *)self)->opened++;
	return true;
}

static bool store_write(void *self, const void *bytes, size_t len, struct err *e)
{
	(void)bytes, (void)e;
	((struct store *)self)->bytes += len;
	return true;
}

static bool store_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	struct store *s = self;

	(void)e;
	s->closed++;
	*size = s->bytes;
	memset(sha256, '0', SHA256_TEXT_SIZE - 1);
	sha256[SHA256_TEXT_SIZE - 1] = '\0';
	return true;
}

static void store_abandon(void *self)
{
	(void)self;
}

struct kept {
	struct store store;
	struct answer *answer;
	struct err e;
	bool ok;
};

/* This text, as it came at a time. */
static void read_in(struct cage *cage, struct kept *k, enum signature_policy policy,
		    const struct trust *trust, const char *text, int64_t answered_ms,
		    TALLOC_CTX *mem)
{
	const struct reading_task task = {
		.content_type = "text/xml; charset=utf-8",
		.expected_id = "70001",
		.limits = { .answer_bytes_most = 1 << 20, .list_most = 100 },
		.sink = &k->store.sink,
		.policy = policy,
		.trust = trust,
		.now_ms = answered_ms,
	};
	struct reading *reading;

	*k = (struct kept){ 0 };
	k->store.sink = (struct document_sink){ &k->store, store_open, store_write, store_close,
						store_abandon };
	reading = reading_begin(cage, &task, mem);
	k->ok = reading_feed(reading, text, strlen(text), &k->e) &&
		reading_end(reading, &k->answer, &k->e);
}

static void read_kept(struct kept *k, enum signature_policy policy, const struct trust *trust,
		      const char *text, int64_t answered_ms, TALLOC_CTX *mem)
{
	read_in(NULL, k, policy, trust, text, answered_ms, mem);
}

/* A quarantined answer is read again days later: its signature is judged by the time at which it came. */
START_TEST(a_signature_is_judged_by_the_time_of_the_answer)
{
	static const struct {
		int64_t at_ms;
		bool good;
	} cases[] = { { NOW_MS, true },
		      { NOW_MS + 5 * MINUTE_MS, true },
		      { NOW_MS + 24 * 60 * MINUTE_MS, false },
		      { NOW_MS - 24 * 60 * MINUTE_MS, false },
		      { 0, false } };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kept k;

		read_kept(&k, SIGNATURE_REQUIRED, trust, s.text, cases[i].at_ms, mem);
		ck_assert_msg(k.ok == cases[i].good, "case %zu: %s", i, k.e.text);
		if (!k.ok)
			ck_assert_msg(strstr(k.e.text, "Timestamp") != NULL, "%s", k.e.text);
	}
	talloc_free(mem);
}
END_TEST

/* The same answer without a signature. */
static char *unsigned_text(TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "<soap:Envelope xmlns:soap=\"" SOAP_NS "\">%s</soap:Envelope>",
			       BODY_TEXT("body", GOOD));
}

START_TEST(what_is_let_through_and_what_is_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	char *good = sign(&(struct recipe){ 0 }, mem).text;
	char *changed = replaced(good, "12345678", "66666666", mem);
	char *stolen = sign(&(struct recipe){ .by = &thief }, mem).text;
	char *bare = unsigned_text(mem);
	const struct {
		enum signature_policy policy;
		const struct trust *trust;
		const char *text;
		const char *says; /* NULL: let through */
		bool verified;
	} cases[] = {
		{ SIGNATURE_NONE, NULL, bare, NULL, false },
		{ SIGNATURE_NONE, trust, changed, NULL, false },
		{ SIGNATURE_IF_PRESENT, trust, bare, NULL, false },
		{ SIGNATURE_IF_PRESENT, NULL, bare, NULL, false },
		{ SIGNATURE_IF_PRESENT, trust, good, NULL, true },
		{ SIGNATURE_IF_PRESENT, trust, changed, "signature does not match", false },
		{ SIGNATURE_IF_PRESENT, trust, stolen, "certificate of the signature", false },
		{ SIGNATURE_IF_PRESENT, NULL, good, "no certificate is given", false },
		{ SIGNATURE_REQUIRED, trust, good, NULL, true },
		{ SIGNATURE_REQUIRED, trust, bare, "is not signed, but must be", false },
		{ SIGNATURE_REQUIRED, trust, changed, "signature does not match", false },
		{ SIGNATURE_REQUIRED, trust, stolen, "certificate of the signature", false },
		{ SIGNATURE_REQUIRED, NULL, good, "no certificate is given", false },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct kept k;

		read_kept(&k, cases[i].policy, cases[i].trust, cases[i].text, NOW_MS, mem);
		ck_assert_msg(k.ok == !cases[i].says, "case %zu: %s", i, k.e.text);
		if (cases[i].says) {
			ck_assert_int_eq(k.e.kind, ERR_DELIVERY);
			ck_assert_msg(strstr(k.e.text, cases[i].says) != NULL, "case %zu: %s", i,
				      k.e.text);
			/* Where only signed bytes count, no others were written. */
			if (cases[i].policy == SIGNATURE_REQUIRED)
				ck_assert_int_eq(k.store.opened, 0);
			continue;
		}
		ck_assert_int_eq(k.store.closed, k.store.opened);
		ck_assert(k.store.opened >= 1);
		ck_assert(!cases[i].verified == !k.answer->delivery->signer);
		if (cases[i].verified) {
			ck_assert_str_eq(k.answer->delivery->signature, "verified");
			ck_assert_ptr_nonnull(strstr(k.answer->delivery->signer, "O=Nordstern"));
		}
	}
	talloc_free(mem);
}
END_TEST

/* Under "required" the one document is written once: from the signed bytes. */
START_TEST(only_signed_bytes_reach_the_store)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	struct kept k;

	read_kept(&k, SIGNATURE_REQUIRED, trust_pinned(mem), s.text, NOW_MS, mem);
	ck_assert_msg(k.ok, "%s", k.e.text);
	ck_assert_int_eq(k.store.opened, 1);
	ck_assert_uint_eq(k.store.bytes, strlen("%PDF-1.4"));
	talloc_free(mem);
}
END_TEST

/* Who was believed a moment ago counts for nothing: a process in the cage goes by what it is told with each answer. */
START_TEST(each_answer_has_its_own_trust)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	X509_CRL *revoked = crl_make(&ca, insurer.x, 30 * DAY_S);
	struct trust *trust = trust_pinned(mem);
	char *good = sign(&(struct recipe){ 0 }, mem).text;
	char *stolen = sign(&(struct recipe){ .by = &thief }, mem).text;
	const struct {
		const struct trust *trust;
		const char *text;
		const char *says; /* NULL: let through */
	} then[] = {
		{ trust, good, NULL },
		{ trust, stolen, "not the one that is trusted" },
		{ NULL, good, "no certificate is given" },
		{ trust_in((X509 *[]){ thief.x, NULL }, NULL, NULL, mem), stolen, NULL },
		{ trust_in((X509 *[]){ thief.x, NULL }, NULL, NULL, mem), good,
		  "not the one that is trusted" },
		{ trust_in((X509 *[]){ insurer.x, NULL }, revoked, NULL, mem), good, "is revoked" },
		{ trust_in((X509 *[]){ insurer.x, NULL }, NULL, "other", mem), good,
		  "not that of the expected signer" },
	};

	for (size_t i = 0; i < sizeof then / sizeof *then; i++) {
		struct cage *cage = cage_new(mem);
		struct kept k;

		read_in(cage, &k, SIGNATURE_REQUIRED, trust, good, NOW_MS, mem);
		ck_assert_msg(k.ok, "%s", k.e.text);
		read_in(cage, &k, SIGNATURE_REQUIRED, then[i].trust, then[i].text, NOW_MS, mem);
		ck_assert_msg(k.ok == !then[i].says, "case %zu: %s", i, k.e.text);
		if (then[i].says)
			ck_assert_msg(strstr(k.e.text, then[i].says) != NULL, "case %zu: %s", i,
				      k.e.text);
	}
	X509_CRL_free(revoked);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("policy");

	tcase_add_test(tests, a_signature_is_judged_by_the_time_of_the_answer);
	tcase_add_test(tests, what_is_let_through_and_what_is_refused);
	tcase_add_test(tests, only_signed_bytes_reach_the_store);
	tcase_add_test(tests, each_answer_has_its_own_trust);
	return run_cases("reading_policy", tests);
}
