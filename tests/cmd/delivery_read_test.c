/* delivery_read_test.c -- `vorpost delivery read --signature`: policies and exit codes over saved answers. */
#include <sysexits.h>

#include "cmd/commands.h"
#include "tests/ingest/trust_helpers.h"

static char pem[] = "/tmp/vorpost-pem-XXXXXX", ca_pem[] = "/tmp/vorpost-pem-XXXXXX";
static char answer[] = "/tmp/vorpost-answer-XXXXXX";

static void write_file(char *path, const char *text, X509 *x)
{
	FILE *f = strstr(path, "XXXXXX") ? fdopen(mkstemp(path), "w") : fopen(path, "w");

	if (x)
		PEM_write_X509(f, x);
	else
		fputs(text, f);
	fclose(f);
}

static void make_files(void)
{
	make_cast();
	write_file(pem, NULL, insurer.x);
	write_file(ca_pem, NULL, ca.x);
	write_file(answer, "", NULL);
}

static void remove_files(void)
{
	unlink(pem);
	unlink(ca_pem);
	unlink(answer);
	free_cast();
}

/* Read the text with these options (name, value, ..., NULL); what was printed must hold says. */
static int reads(const char *text, const char *says, const char *const *given)
{
	const struct command *command = delivery_read_command;
	const char *values[32] = { 0 };
	char *word[] = { answer }, *printed = NULL;
	size_t len;
	struct invocation in = { .mem = talloc_new(NULL),
				 .words = 1,
				 .word = word,
				 .command = command,
				 .option_values = values,
				 .out = open_memstream(&printed, &len) };
	struct err e = { 0 };
	int code;

	for (; *given; given += 2)
		for (int i = 0; command->options[i].name; i++)
			if (strcmp(command->options[i].name, given[0]) == 0)
				values[i] = given[1];
	write_file(answer, text, NULL);
	code = command->run(&in, &e);
	fclose(in.out);
	if (e.kind != ERR_NONE)
		code = err_exit_code(&e);
	ck_assert_msg(!says || strstr(code ? e.text : printed, says), "%d: %s%s", code, e.text,
		      printed);
	if (code)
		ck_assert_uint_eq(len, 0);
	free(printed);
	talloc_free(in.mem);
	return code;
}

#define GIVEN(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define AT         "--now", NOW_TEXT
#define REQUIRED   "--signature", "required"
#define IF_PRESENT "--signature", "if-present"
#define VERIFIED   "\"signature\": \"verified\""

START_TEST(policies_decide)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct sample s = sign(&(struct recipe){ 0 }, mem);
	const char *plain = "<soap:Envelope xmlns:soap=\"" SOAP_NS "\"><soap:Body>" GOOD
			    "</soap:Body></soap:Envelope>";
	char *broken = replaced(s.text, "12345678", "12345679", mem);
	char *stripped = replaced(s.text, s.security, "", mem);
	char *http = talloc_asprintf(
		mem, "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: %zu\r\n\r\n%s",
		strlen(s.text), s.text);

	ck_assert_int_eq(reads(plain, "\"absent\"", GIVEN(AT)), EX_OK);
	ck_assert_int_eq(reads(plain, "\"absent\"", GIVEN(AT, IF_PRESENT, "--trust", pem)), EX_OK);
	ck_assert_int_eq(reads(plain, "not signed", GIVEN(AT, REQUIRED, "--trust", pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(stripped, "not signed", GIVEN(AT, REQUIRED, "--trust", pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(s.text, VERIFIED, GIVEN(AT, REQUIRED, "--trust", pem)), EX_OK);
	ck_assert_int_eq(reads(s.text, VERIFIED, GIVEN(AT, IF_PRESENT, "--trust", pem)), EX_OK);
	ck_assert_int_eq(reads(http, VERIFIED, GIVEN(AT, REQUIRED, "--trust", pem)), EX_OK);
	ck_assert_int_eq(
		reads(s.text, VERIFIED,
		      GIVEN(AT, REQUIRED, "--trust", ca_pem, "--signer", "sign.nordstern.example")),
		EX_OK);
	ck_assert_int_eq(reads(s.text, "\"present\"", GIVEN(AT)), EX_OK);
	ck_assert_int_eq(reads(broken, "\"present\"", GIVEN(AT, "--signature", "none")), EX_OK);
	ck_assert_int_eq(reads(broken, "does not match", GIVEN(AT, IF_PRESENT, "--trust", pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(broken, "does not match", GIVEN(AT, REQUIRED, "--trust", pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(s.text, "no certificate is given", GIVEN(AT, IF_PRESENT)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(s.text, "signer's name", GIVEN(AT, REQUIRED, "--trust", ca_pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(s.text, "old",
			       GIVEN("--now", "2026-03-03T06:07:00Z", REQUIRED, "--trust", pem)),
			 EX_DATAERR);
	ck_assert_int_eq(reads(s.text, "another shipment",
			       GIVEN(AT, REQUIRED, "--trust", pem, "--shipment", "70002")),
			 EX_DATAERR);
	talloc_free(mem);
}
END_TEST

START_TEST(options_that_make_no_sense)
{
	ck_assert_int_eq(reads("<x/>", "--signature is", GIVEN("--signature", "maybe")), EX_USAGE);
	ck_assert_int_eq(reads("<x/>", "--now is", GIVEN("--now", "soon")), EX_USAGE);
	ck_assert_int_eq(reads("<x/>", "without --trust", GIVEN("--signer", "x")), EX_USAGE);
	ck_assert_int_eq(reads("<x/>", "certificate file", GIVEN("--trust", "/nonexistent/x")),
			 EX_CONFIG);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("delivery_read");
	TCase *tests = tcase_create("signature");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_unchecked_fixture(tests, make_files, remove_files);
	tcase_add_test(tests, policies_decide);
	tcase_add_test(tests, options_that_make_no_sense);
	suite_add_tcase(suite, tests);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
