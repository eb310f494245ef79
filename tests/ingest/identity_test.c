/* Our own key and certificate: every form in which they come, and everything that cannot be used is found before a call. */
#include "base/clock.h"
#include "tests/ingest/identity_made.h"

#define DAY_S 86400l

static struct made_identity rsa, other, elliptic, weak, expired, early;

static void make_all(void)
{
	made_identity(&rsa, EVP_RSA_gen(2048), -DAY_S, 30 * DAY_S);
	made_identity(&other, EVP_RSA_gen(2048), -DAY_S, 30 * DAY_S);
	made_identity(&elliptic, EVP_EC_gen("P-256"), -DAY_S, 30 * DAY_S);
	made_identity(&weak, EVP_RSA_gen(1024), -DAY_S, 30 * DAY_S);
	made_identity(&expired, EVP_EC_gen("P-256"), -9 * DAY_S, -DAY_S);
	made_identity(&early, EVP_EC_gen("P-256"), DAY_S, 9 * DAY_S);
}

static void free_all(void)
{
	made_free(&rsa);
	made_free(&other);
	made_free(&elliptic);
	made_free(&weak);
	made_free(&expired);
	made_free(&early);
}

START_TEST(every_form_gives_the_same_key)
{
	const struct identity_files forms[] = {
		{ rsa.key_file, rsa.certificate_file, NULL },
		{ rsa.both, NULL, NULL },
		{ rsa.locked, NULL, rsa.phrase },
		{ rsa.locked, rsa.certificate_file, rsa.phrase },
		{ rsa.box, NULL, rsa.phrase },
		{ elliptic.both, NULL, NULL },
		{ elliptic.box, NULL, elliptic.phrase },
	};

	for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
		const struct made_identity *m = i < 5 ? &rsa : &elliptic;
		struct err e = { 0 };
		struct identity *identity = identity_load(&forms[i], clock_wall_ms(), NULL, &e);

		ck_assert_msg(identity != NULL, "form %zu: %s", i, e.text);
		ck_assert(EVP_PKEY_eq(identity->key, m->key) == 1);
		ck_assert(X509_cmp(identity->certificate, m->x) == 0);
		ck_assert(identity_ends_ms(identity) > clock_wall_ms() + 29 * DAY_S * 1000);
		ck_assert(identity_ends_ms(identity) <= clock_wall_ms() + 30 * DAY_S * 1000);
		talloc_free(identity);
	}
}
END_TEST

/* A chain behind the certificate is sent along; the key's own certificate is found wherever it stands. */
START_TEST(the_key_s_own_certificate_is_found_among_others)
{
	struct made_identity *m = &rsa;
	struct identity_files files = { .key = m->key_file };
	struct identity *identity;
	struct err e = { 0 };
	char path[64];
	FILE *f = made_file(path, m, "chain.pem");

	PEM_write_X509(f, other.x);
	PEM_write_X509(f, m->x);
	PEM_write_X509(f, elliptic.x);
	fclose(f);
	files.certificate = path;
	identity = identity_load(&files, clock_wall_ms(), NULL, &e);
	ck_assert_msg(identity != NULL, "%s", e.text);
	ck_assert(X509_cmp(identity->certificate, m->x) == 0);
	ck_assert_int_eq(sk_X509_num(identity->chain), 2);
	talloc_free(identity);
	unlink(path);
}
END_TEST

START_TEST(what_cannot_be_used_is_said)
{
	const struct {
		struct identity_files files;
		const char *says;
	} cases[] = {
		{ { "/nonexistent", NULL, NULL }, "No such file" },
		{ { NULL, NULL, NULL }, "key file" },
		{ { rsa.key_file, "/nonexistent", NULL }, "No such file" },
		{ { rsa.key_file, NULL, NULL }, "no certificate of this private key" },
		{ { rsa.key_file, other.certificate_file, NULL }, "no certificate of this" },
		{ { rsa.certificate_file, NULL, NULL }, "everybody" },
		{ { rsa.phrase, NULL, NULL }, "no private key in PEM" },
		{ { rsa.locked, NULL, NULL }, "pass phrase" },
		{ { rsa.locked, NULL, rsa.wrong }, "pass phrase" },
		{ { rsa.box, NULL, NULL }, "pass phrase" },
		{ { rsa.box, NULL, rsa.wrong }, "pass phrase" },
		{ { rsa.box, NULL, "/nonexistent" }, "password file" },
		{ { weak.both, NULL, NULL }, "too weak" },
		{ { expired.both, NULL, NULL }, "has expired at 2" },
		{ { early.both, NULL, NULL }, "not yet valid" },
	};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct err e = { 0 };

		ck_assert_ptr_null(identity_load(&cases[i].files, clock_wall_ms(), NULL, &e));
		ck_assert_msg(e.kind == ERR_SETUP, "case %zu: %s", i, e.text);
		ck_assert_msg(strstr(e.text, cases[i].says) != NULL, "case %zu: %s", i, e.text);
		ck_assert_ptr_null(strstr(e.text, "canary"));
	}
}
END_TEST

/* Bytes that begin like PKCS#12 and break off anywhere. */
START_TEST(a_broken_box_is_no_crash)
{
	char bytes[8192], path[64];
	FILE *f = fopen(rsa.box, "r");
	size_t len = fread(bytes, 1, sizeof bytes, f);

	fclose(f);
	for (size_t cut = 1; cut < len; cut += 37) {
		const struct identity_files files = { path, NULL, rsa.phrase };
		struct err e = { 0 };

		f = made_file(path, &rsa, "cut.p12");
		fwrite(bytes, 1, cut, f);
		fclose(f);
		ck_assert_ptr_null(identity_load(&files, clock_wall_ms(), NULL, &e));
		ck_assert_int_eq(e.kind, ERR_SETUP);
	}
	unlink(path);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("identity");
	TCase *t = tcase_create("identity");
	SRunner *runner;
	int failed;

	tcase_add_unchecked_fixture(t, make_all, free_all);
	tcase_set_timeout(t, 60);
	tcase_add_test(t, every_form_gives_the_same_key);
	tcase_add_test(t, the_key_s_own_certificate_is_found_among_others);
	tcase_add_test(t, what_cannot_be_used_is_said);
	tcase_add_test(t, a_broken_box_is_no_crash);
	suite_add_tcase(suite, t);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
