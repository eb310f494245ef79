/* Whose certificate is believed: pinned, or vouched for by an authority under a name, and in no other case. */
#include "ingest/limits.h"
#include "ingest/trust_parts.h"
#include "tests/ingest/trust_helpers.h"

/* A message signed by this identity, against this trust. */
static struct verdict shown_by(const struct subject *by, const struct trust *trust, TALLOC_CTX *mem)
{
	struct recipe recipe = { .by = by };

	if (EVP_PKEY_get_base_id(by->key) == EVP_PKEY_EC)
		recipe.method = MORE "ecdsa-sha256";
	return verified(trust, sign(&recipe, mem).text, mem);
}

static void assert_believed(const char *what, const struct subject *by, const struct trust *trust,
			    TALLOC_CTX *mem)
{
	struct verdict v = shown_by(by, trust, mem);

	ck_assert_msg(v.ok, "%s: %s", what, v.e.text);
}

static void assert_refused(const char *what, const char *says, const struct subject *by,
			   const struct trust *trust, TALLOC_CTX *mem)
{
	struct verdict v = shown_by(by, trust, mem);

	ck_assert_msg(!v.ok, "accepted: %s", what);
	ck_assert_msg(strstr(v.e.text, says) != NULL, "%s: %s", what, v.e.text);
}

START_TEST(pinned_or_vouched_for)
{
	const struct subject by_san = identity_make(
		other_key, &ca,
		&(struct wish){ .name = "x", .san = "DNS:a.example,DNS:sign.nordstern.example" });
	TALLOC_CTX *mem = talloc_new(NULL);
	X509_CRL *crl = crl_make(&ca, NULL, 30 * DAY_S);

	assert_believed("pinned", &insurer, trust_pinned(mem), mem);
	assert_believed("pinned, self-signed", &thief,
			trust_in((X509 *[]){ thief.x, NULL }, NULL, NULL, mem), mem);
	assert_believed("one of two pinned", &insurer,
			trust_in((X509 *[]){ thief.x, insurer.x, NULL }, NULL, NULL, mem), mem);
	assert_believed("authority, CN", &insurer, trust_by_ca(NULL, mem), mem);
	assert_believed("authority, SAN", &by_san, trust_by_ca(NULL, mem), mem);
	assert_believed("authority, not revoked", &insurer, trust_by_ca(crl, mem), mem);
	X509_CRL_free(crl);
	X509_free(by_san.x);
	talloc_free(mem);
}
END_TEST

START_TEST(nobody_else_is_believed)
{
	const struct subject same_name_ca = identity_make(
		other_key, NULL, &(struct wish){ .name = "Nordstern CA", .ca = true });
	const struct subject by_same_name_ca = identity_make(
		other_key, &same_name_ca, &(struct wish){ .name = "sign.nordstern.example" });
	const struct subject by_leaf = identity_make(
		other_key, &insurer, &(struct wish){ .name = "sign.nordstern.example" });
	const struct subject other_insurer =
		identity_make(other_key, &ca, &(struct wish){ .name = "sign.suedstern.example" });
	const struct subject near_name = identity_make(
		other_key, &ca,
		&(struct wish){ .name = "x",
				.san = "DNS:*.nordstern.example,DNS:SIGN.nordstern.example" });
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *by_ca = trust_by_ca(NULL, mem), *pin = trust_pinned(mem);
	struct verdict v;

	assert_refused("self-signed", "certificate of the signature", &thief, by_ca, mem);
	assert_refused("self-signed, other pinned", "not the one", &thief, pin, mem);
	assert_refused("authority of the same name",
		       "certificate of the signature:", &by_same_name_ca, by_ca, mem);
	assert_refused("leaf as authority", "certificate of the signature:", &by_leaf, by_ca, mem);
	assert_refused("leaf as authority, leaf pinned", "certificate of the signature:", &by_leaf,
		       trust_in((X509 *[]){ insurer.x, NULL }, NULL, "sign.nordstern.example", mem),
		       mem);
	assert_refused("other insurer", "expected signer", &other_insurer, by_ca, mem);
	assert_refused("wildcard and case", "expected signer", &near_name, by_ca, mem);
	assert_refused("authority without a name", "signer's name", &insurer,
		       trust_in((X509 *[]){ ca.x, NULL }, NULL, NULL, mem), mem);
	assert_refused("pinned under another name", "expected signer", &insurer,
		       trust_in((X509 *[]){ insurer.x, NULL }, NULL, "other", mem), mem);
	assert_refused("the authority itself", "not for digital signatures", &ca,
		       trust_in((X509 *[]){ ca.x, NULL }, NULL, "Nordstern CA", mem), mem);
	v = verified(by_ca, sign(&(struct recipe){ .by = &thief, .token = &insurer }, mem).text,
		     mem);
	ck_assert(!v.ok);
	ck_assert_str_eq(v.e.text, "signature does not match");
	X509_free(near_name.x);
	X509_free(other_insurer.x);
	X509_free(by_leaf.x);
	X509_free(by_same_name_ca.x);
	X509_free(same_name_ca.x);
	talloc_free(mem);
}
END_TEST

START_TEST(certificates_that_are_not_good_now)
{
	static const struct {
		const char *says;
		struct wish wish;
	} cases[] = {
		{ "expired", { .to_s = -1 } },
		{ "not yet valid", { .from_s = 60, .to_s = DAY_S } },
		{ "not for digital signatures", { .usage = "critical,keyEncipherment" } },
		{ "not for digital signatures", { .usage = "critical,nonRepudiation" } },
	};
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *by_ca = trust_by_ca(NULL, mem);

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct wish wish = cases[i].wish;
		struct subject id;

		wish.name = "sign.nordstern.example";
		id = identity_make(other_key, &ca, &wish);
		assert_refused("by authority", cases[i].says, &id, by_ca, mem);
		assert_refused("pinned", cases[i].says, &id,
			       trust_in((X509 *[]){ id.x, NULL }, NULL, NULL, mem), mem);
		X509_free(id.x);
	}
	talloc_free(mem);
}
END_TEST

START_TEST(weak_keys_and_certificates)
{
	EVP_PKEY *short_key = EVP_RSA_gen(1024), *ed_key = EVP_PKEY_Q_keygen(NULL, NULL, "ED25519");
	const struct wish wish = { .name = "sign.nordstern.example" };
	const struct wish sha1 = { .name = "sign.nordstern.example", .md = EVP_sha1() };
	const struct subject weak = identity_make(short_key, &ca, &wish);
	const struct subject ed = identity_make(ed_key, &ca, &wish);
	const struct subject old = identity_make(other_key, &ca, &sha1);
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *by_ca = trust_by_ca(NULL, mem);

	assert_refused("RSA 1024", "too weak", &weak, by_ca, mem);
	assert_refused("RSA 1024 pinned", "too weak", &weak,
		       trust_in((X509 *[]){ weak.x, NULL }, NULL, NULL, mem), mem);
	assert_refused("SHA-1 certificate", "too weak", &old, by_ca, mem);
	assert_refused("Ed25519", "another kind", &ed,
		       trust_in((X509 *[]){ ed.x, NULL }, NULL, NULL, mem), mem);
	/* an elliptic key under RSA's name */
	ck_assert(!verified(by_ca,
			    sign(&(struct recipe){ .by = &weak, .token = &insurer }, mem).text, mem)
			   .ok);
	X509_free(old.x);
	X509_free(ed.x);
	X509_free(weak.x);
	EVP_PKEY_free(ed_key);
	EVP_PKEY_free(short_key);
	talloc_free(mem);
}
END_TEST

START_TEST(the_method_must_fit_the_key)
{
	const struct subject ec =
		identity_make(ec_key, &ca, &(struct wish){ .name = "sign.nordstern.example" });
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *by_ca = trust_by_ca(NULL, mem);

	ck_assert(!verified(by_ca, sign(&(struct recipe){ .by = &ec }, mem).text, mem).ok);
	ck_assert(!verified(by_ca,
			    sign(&(struct recipe){ .method = MORE "ecdsa-sha256" }, mem).text, mem)
			   .ok);
	X509_free(ec.x);
	talloc_free(mem);
}
END_TEST

START_TEST(revocation_lists_count)
{
	const struct subject same_name_ca = identity_make(
		other_key, NULL, &(struct wish){ .name = "Nordstern CA", .ca = true });
	TALLOC_CTX *mem = talloc_new(NULL);
	X509_CRL *revoked = crl_make(&ca, insurer.x, 30 * DAY_S);
	X509_CRL *old = crl_make(&ca, NULL, -DAY_S);
	X509_CRL *forged = crl_make(&same_name_ca, NULL, 30 * DAY_S);
	X509_CRL *foreign = crl_make(&thief, NULL, 30 * DAY_S);

	assert_refused("revoked", "revoked", &insurer, trust_by_ca(revoked, mem), mem);
	assert_refused("revoked although pinned", "revoked", &insurer,
		       trust_in((X509 *[]){ insurer.x, NULL }, revoked, NULL, mem), mem);
	assert_refused("list of yesterday", "CRL has expired", &insurer, trust_by_ca(old, mem),
		       mem);
	assert_refused("list of another key", "certificate of the signature:", &insurer,
		       trust_by_ca(forged, mem), mem);
	assert_refused("list of another name", "unable to get certificate CRL", &insurer,
		       trust_by_ca(foreign, mem), mem);
	X509_CRL_free(foreign);
	X509_CRL_free(forged);
	X509_CRL_free(old);
	X509_CRL_free(revoked);
	X509_free(same_name_ca.x);
	talloc_free(mem);
}
END_TEST

START_TEST(authorities_in_between_have_a_limit)
{
	struct subject chain[CERTIFICATE_DEPTH_MOST + 2] = { ca };
	X509 *known[CERTIFICATE_DEPTH_MOST + 3] = { ca.x };
	TALLOC_CTX *mem = talloc_new(NULL);

	for (int between = 1; between <= CERTIFICATE_DEPTH_MOST + 1; between++) {
		char *name = talloc_asprintf(mem, "CA %d", between);
		struct subject leaf;

		chain[between] = identity_make(other_key, &chain[between - 1],
					       &(struct wish){ .name = name, .ca = true });
		known[between] = chain[between].x;
		leaf = identity_make(insurer_key, &chain[between],
				     &(struct wish){ .name = "sign.nordstern.example" });
		if (between <= CERTIFICATE_DEPTH_MOST)
			assert_believed(name, &leaf,
					trust_in(known, NULL, "sign.nordstern.example", mem), mem);
		else
			assert_refused(name, "chain too long", &leaf,
				       trust_in(known, NULL, "sign.nordstern.example", mem), mem);
		X509_free(leaf.x);
	}
	for (int between = 1; between <= CERTIFICATE_DEPTH_MOST + 1; between++)
		X509_free(known[between]);
	talloc_free(mem);
}
END_TEST

/* Who signed, by this one name, as it is kept. */
static char *signer_kept(const char *name, TALLOC_CTX *mem)
{
	struct subject id = identity_make(insurer_key, NULL, &(struct wish){ .name = "x" });
	X509_NAME *subject = X509_NAME_new();
	uint8_t *der = NULL;
	struct err e = { 0 };
	EVP_PKEY *key;
	char *signer;
	int len;

	X509_NAME_add_entry_by_txt(subject, "CN", V_ASN1_UTF8STRING, (const uint8_t *)name, -1, -1,
				   0);
	X509_set_subject_name(id.x, subject);
	ck_assert_int_gt(X509_sign(id.x, insurer_key, EVP_sha256()), 0);
	len = i2d_X509(id.x, &der);
	ck_assert_msg(trust_key(&key, &signer, trust_in((X509 *[]){ id.x, NULL }, NULL, NULL, mem),
				der, (size_t)len, NOW_MS, mem, &e),
		      "%s", e.text);
	EVP_PKEY_free(key);
	OPENSSL_free(der);
	X509_NAME_free(subject);
	X509_free(id.x);
	return signer;
}

/* Of a long name the beginning is kept, and no half letter. */
START_TEST(a_signer_s_name_has_a_limit)
{
	const size_t most = SIGNER_LEN_MOST - strlen("CN=");
	TALLOC_CTX *mem = talloc_new(NULL);

	for (size_t i = 0; i < 3; i++) {
		char *name = talloc_zero_size(mem, most + 8), *whole;

		memset(name, 'x', most - 1);
		strcpy(name + most - 1, i == 0 ? "x" : i == 1 ? "xx" : "\xc3\xbc");
		whole = talloc_asprintf(mem, "CN=%s", name);
		if (i > 0)
			whole[i == 1 ? SIGNER_LEN_MOST : SIGNER_LEN_MOST - 1] = '\0';
		ck_assert_str_eq(signer_kept(name, mem), whole);
	}
	talloc_free(mem);
}
END_TEST

/* --- the token --- */

START_TEST(the_token_is_exactly_one_certificate)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	uint8_t *der = NULL;
	int len = i2d_X509(insurer.x, &der);
	uint8_t *glued = talloc_size(mem, (size_t)len * 2);
	uint8_t *spoilt = talloc_memdup(mem, der, (size_t)len);
	const char *right = base64_of(der, (size_t)len, mem);
	struct verdict v;

	memcpy(glued, der, (size_t)len);
	memcpy(glued + len, der, (size_t)len);
	spoilt[len - 1] ^= 1; /* all the same but for its own signature */
	const char *const wrong[] = {
		base64_of(glued, (size_t)len * 2, mem),
		base64_of(glued, (size_t)len + 1, mem),
		base64_of(glued, (size_t)len - 1, mem),
		base64_of(spoilt, (size_t)len, mem),
		base64_of("", 0, mem),
		"!",
		talloc_asprintf(mem, "%s=", right),
		talloc_asprintf(mem, "<x>%s</x>", right),
		talloc_asprintf(mem, "%s<x/>", right),
	};

	for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
		ck_assert_msg(!verified(trust, replaced(s.text, right, wrong[i], mem), mem).ok,
			      "accepted: token %zu", i);
	v = verified(trust, replaced(s.text, right, talloc_asprintf(mem, "\n%s\n", right), mem),
		     mem);
	ck_assert_msg(v.ok, "%s", v.e.text);
	OPENSSL_free(der);
	talloc_free(mem);
}
END_TEST

START_TEST(two_tokens_are_refused)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct trust *trust = trust_pinned(mem);
	const char *two[] = { "other", "token" };

	for (size_t i = 0; i < 2; i++) {
		char *extra = token_text(&(struct recipe){ .token = &thief }, two[i], mem);
		struct sample s = sign(&(struct recipe){ 0 }, mem);
		char *here = talloc_asprintf(mem, "<ds:Signature %s", "");

		ck_assert(!verified(trust,
				    replaced(s.text, here,
					     talloc_asprintf(mem, "%s%s", extra, here), mem),
				    mem)
				   .ok);
	}
	talloc_free(mem);
}
END_TEST

/* --- the operator's files --- */

START_TEST(files_that_cannot_be_used)
{
	char path[] = "/tmp/vorpost-pem-XXXXXX";
	static const char *const texts[] = {
		"",
		"nothing\n",
		"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
		"-----BEGIN CERTIFICATE-----\n!!!!\n",
	};
	struct trust_files files = { "/nonexistent/x", NULL, NULL };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };

	close(mkstemp(path));
	ck_assert_ptr_null(trust_new(&files, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	files.certificates = path;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		FILE *f = fopen(path, "w");

		if (i == 3)
			PEM_write_X509(f, insurer.x); /* a good one first */
		fputs(texts[i], f);
		fclose(f);
		err_clear(&e);
		ck_assert_msg(trust_new(&files, mem, &e) == NULL, "file %zu", i);
		ck_assert_int_eq(e.kind, ERR_SETUP);
	}
	unlink(path);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("certificates");

	tcase_add_test(tests, pinned_or_vouched_for);
	tcase_add_test(tests, nobody_else_is_believed);
	tcase_add_test(tests, certificates_that_are_not_good_now);
	tcase_add_test(tests, weak_keys_and_certificates);
	tcase_add_test(tests, the_method_must_fit_the_key);
	tcase_add_test(tests, revocation_lists_count);
	tcase_add_test(tests, authorities_in_between_have_a_limit);
	tcase_add_test(tests, a_signer_s_name_has_a_limit);
	tcase_add_test(tests, the_token_is_exactly_one_certificate);
	tcase_add_test(tests, two_tokens_are_refused);
	tcase_add_test(tests, files_that_cannot_be_used);
	return run_cases("trust_certificate", tests);
}
