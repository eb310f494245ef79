/* Secrets and signatures: what is refused says why without saying what; known vectors come out. */
#include <check.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "events/secret_file.h"
#include "events/signature.h"

/* The example of the Standard Webhooks libraries: 24 bytes. */
#define SECRET    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
#define ID        "msg_p5jXN8AQM9LWM0D4loKWxJek"
#define TIMESTAMP 1614265330
#define BODY      "{\"test\": 2432232314}"
#define SIGNATURE "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="

static bool renames_fail;

/* In front of libc's. */
int rename(const char *from, const char *to)
{
	errno = ENOSPC;
	return renames_fail ? -1 : renameat(AT_FDCWD, from, AT_FDCWD, to);
}

static TALLOC_CTX *mem;
static struct err e;
static char folder[64];

static void open_mem(void)
{
	mem = talloc_new(NULL);
	e = (struct err){ 0 };
	strcpy(folder, "/tmp/vorpost-secret-XXXXXX");
	ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void close_mem(void)
{
	char command[128];

	talloc_free(mem);
	snprintf(command, sizeof command, "rm -rf '%s'", folder);
	ck_assert_int_eq(system(command), 0);
}

static char *in_folder(const char *name)
{
	return talloc_asprintf(mem, "%s/%s", folder, name);
}

static char *file_with(const char *text, mode_t mode)
{
	char *path = in_folder("secret");
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
	ck_assert_int_eq(chmod(path, mode), 0);
	return path;
}

static const char *const refused[] = {
	"",
	"\n",
	"whsec_",
	"MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",      /* no prefix */
	"whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", /* a signing key of 24 bytes */
	"whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", /* the receiver's part */
	/* the public half is not that of the seed */
	"whsk_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ==",
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",   /* a character short */
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS=",  /* 23 bytes */
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2La=LaS",  /* padding inside */
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaL===",  /* too much of it */
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",  /* the URL alphabet */
	"whsec_MfKQ9r8GKYqrTwjUPD8ILPZI o2LaLaSw", /* a blank: two words, the second is none */
	SECRET "\n" SECRET "\n" SECRET "\n",       /* three */
	SECRET "\nrubbish\n",
	/* 65 bytes */
	"whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUE=",
};

START_TEST(refused_secret_is_not_told)
{
	const char *text = refused[_i];

	ck_assert_ptr_null(secrets_parse(text, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_null(strstr(e.text, "MfKQ"));
	ck_assert_ptr_null(strstr(e.text, "rubbish"));
	ck_assert_ptr_null(strstr(e.text, "QUFB"));
}
END_TEST

START_TEST(limits_of_the_key)
{
	ck_assert_ptr_nonnull(secrets_parse("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB", mem, &e));
	ck_assert_ptr_nonnull(
		secrets_parse("whsec_QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB"
			      "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQQ==", /* 64 */
			      mem, &e));
}
END_TEST

START_TEST(file_open_to_everybody)
{
	ck_assert_ptr_null(secrets_read(file_with(SECRET, 0644), mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "0644"));
}
END_TEST

START_TEST(file_that_is_none)
{
	static const char *const names[] = { "absent", "." };

	ck_assert_ptr_null(secrets_read(in_folder(names[_i]), mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

START_TEST(fifo_does_not_hang)
{
	char *path = in_folder("fifo");

	ck_assert_int_eq(mkfifo(path, 0600), 0);
	ck_assert_ptr_null(secrets_read(path, mem, &e));
}
END_TEST

START_TEST(huge_file)
{
	char *text = talloc_zero_array(mem, char, 4096);

	memset(text, 'A', 4095);
	ck_assert_ptr_null(secrets_read(file_with(text, 0600), mem, &e));
	ck_assert_ptr_null(strstr(e.text, "AAAA"));
}
END_TEST

START_TEST(the_known_vector)
{
	struct secrets *secrets = secrets_parse(SECRET "\n", mem, &e);

	ck_assert_msg(secrets != NULL, "%s", e.text);
	ck_assert_str_eq(signature_of(secrets, ID, TIMESTAMP, BODY, strlen(BODY), mem), SIGNATURE);
}
END_TEST

/* Everything that is signed changes the signature; a body of another length, too. */
START_TEST(what_is_signed)
{
	struct secrets *secrets = secrets_parse(SECRET, mem, &e);
	static const struct {
		const char *id, *body;
		int64_t timestamp;
		size_t len;
	} others[] = {
		{ "msg_p5jXN8AQM9LWM0D4loKWxJeK", BODY, TIMESTAMP, sizeof BODY - 1 },
		{ ID, BODY, TIMESTAMP + 1, sizeof BODY - 1 },
		{ ID, BODY " ", TIMESTAMP, sizeof BODY },
		{ ID, BODY, TIMESTAMP, sizeof BODY - 2 },
		{ ID, "", TIMESTAMP, 0 },
	};

	ck_assert_str_ne(signature_of(secrets, others[_i].id, others[_i].timestamp, others[_i].body,
				      others[_i].len, mem),
			 SIGNATURE);
}
END_TEST

START_TEST(fresh_secret)
{
	char *path = in_folder("fresh");
	struct stat st;

	ck_assert_msg(secret_file_make(path, SECRET_V1, &e), "%s", e.text);
	ck_assert_int_eq(stat(path, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0600);
	ck_assert_int_eq(secrets_count(secrets_read(path, mem, &e)), 1);
	ck_assert(!secret_file_make(path, SECRET_V1, &e)); /* never over an old one */
	ck_assert_int_eq(e.kind, ERR_REFUSED);
}
END_TEST

static void files_limit(rlim_t most)
{
	struct rlimit limit = { most, RLIM_INFINITY };

	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* A write that is cut short says why the rest of it fails, and nothing half made stays. */
START_TEST(full_disk)
{
	char *path = file_with(SECRET "\n", 0600), *fresh = in_folder("fresh");
	struct err made = { 0 };
	bool there;

	signal(SIGXFSZ, SIG_IGN);
	files_limit(20);
	there = secret_file_make(fresh, SECRET_V1, &made) || secret_file_rotate(path, &e);
	files_limit(RLIM_INFINITY); /* the frame of the test writes, too */
	ck_assert(!there);
	ck_assert_msg(strstr(made.text, strerror(EFBIG)), "%s", made.text);
	ck_assert_msg(strstr(e.text, strerror(EFBIG)), "%s", e.text);
	ck_assert_int_ne(access(fresh, F_OK), 0);
	ck_assert_int_ne(access(in_folder("secret.new"), F_OK), 0);
}
END_TEST

START_TEST(rotation_that_fails_leaves_nothing)
{
	char *path = file_with(SECRET "\n", 0600);

	renames_fail = true;
	ck_assert(!secret_file_rotate(path, &e));
	renames_fail = false;
	ck_assert_int_ne(access(in_folder("secret.new"), F_OK), 0);
	ck_assert_int_eq(secrets_count(secrets_read(path, mem, &e)), 1);
}
END_TEST

START_TEST(rotation_signs_with_both_then_with_the_new)
{
	char *path = file_with(SECRET "\n", 0600);
	char *both, *fresh;

	ck_assert_msg(secret_file_rotate(path, &e), "%s", e.text);
	both = signature_of(secrets_read(path, mem, &e), ID, TIMESTAMP, BODY, strlen(BODY), mem);
	ck_assert_str_eq(strchr(both, ' ') + 1, SIGNATURE); /* the old one is still there, second */
	ck_assert(!secret_file_rotate(path, &e));
	ck_assert_int_eq(e.kind, ERR_REFUSED);
	err_clear(&e);
	ck_assert_msg(secret_file_retire(path, &e), "%s", e.text);
	fresh = signature_of(secrets_read(path, mem, &e), ID, TIMESTAMP, BODY, strlen(BODY), mem);
	ck_assert_uint_eq(strlen(fresh), strlen(SIGNATURE));
	ck_assert_int_eq(strncmp(fresh, both, strlen(fresh)), 0);
	ck_assert_str_ne(fresh, SIGNATURE);
	ck_assert(!secret_file_retire(path, &e));
}
END_TEST

/* The key of RFC 8032, 7.1, test 1: seed and public key; the signature was made with another
 * implementation. */
#define SIGN_SEED "whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A="
#define SIGN_BOTH                                                                                  \
	"whsk_nWGxne/9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2DXWpgBgrEKt9VL/tPJZAc6DuFy89qmIyWvAhpo9wdRGg=="
#define SIGN_PUBLIC "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=\n"
#define SIGN_RESULT                                                                                \
	"v1a,fldxM4gAKugP6nnt1hdz3sgGfZ6d99nzrMFnZOELIxbzEHoVmAb2ADpkJK7zgPePmPsle0zV9jSeGlHFG2NVAw=="

START_TEST(the_known_signing_key)
{
	static const char *const keys[] = { SIGN_SEED, SIGN_BOTH };
	struct secrets *secrets = secrets_parse(keys[_i], mem, &e);

	ck_assert_msg(secrets != NULL, "%s", e.text);
	ck_assert_str_eq(secrets_public(secrets, mem), SIGN_PUBLIC);
	ck_assert_str_eq(signature_of(secrets, ID, TIMESTAMP, BODY, strlen(BODY), mem),
			 SIGN_RESULT);
}
END_TEST

START_TEST(both_kinds_rotate_together)
{
	char *path = in_folder("both");
	struct secrets *secrets;

	ck_assert_msg(secret_file_make(path, SECRET_V1 | SECRET_V1A, &e), "%s", e.text);
	ck_assert_int_eq(secrets_count(secrets_read(path, mem, &e)), 2);
	ck_assert(!secret_file_retire(path, &e));
	ck_assert_int_eq(e.kind, ERR_REFUSED);
	err_clear(&e);
	ck_assert_msg(secret_file_rotate(path, &e), "%s", e.text);
	secrets = secrets_read(path, mem, &e);
	ck_assert_int_eq(secrets_count(secrets), 4);
	ck_assert_uint_eq(strlen(secrets_public(secrets, mem)), 2 * 50);
	ck_assert(!secret_file_rotate(path, &e));
	err_clear(&e);
	ck_assert_msg(secret_file_retire(path, &e), "%s", e.text);
	ck_assert_int_eq(secrets_count(secrets_read(path, mem, &e)), 2);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("signature");
	TCase *cases = tcase_create("signature");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(cases, open_mem, close_mem);
	tcase_add_loop_test(cases, refused_secret_is_not_told, 0,
			    (int)(sizeof refused / sizeof *refused));
	tcase_add_test(cases, limits_of_the_key);
	tcase_add_test(cases, file_open_to_everybody);
	tcase_add_loop_test(cases, file_that_is_none, 0, 2);
	tcase_add_test(cases, fifo_does_not_hang);
	tcase_add_test(cases, huge_file);
	tcase_add_test(cases, the_known_vector);
	tcase_add_loop_test(cases, the_known_signing_key, 0, 2);
	tcase_add_test(cases, both_kinds_rotate_together);
	tcase_add_loop_test(cases, what_is_signed, 0, 5);
	tcase_add_test(cases, fresh_secret);
	tcase_add_test(cases, full_disk);
	tcase_add_test(cases, rotation_that_fails_leaves_nothing);
	tcase_add_test(cases, rotation_signs_with_both_then_with_the_new);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
