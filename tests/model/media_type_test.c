/* What a document was said to be, held against its bytes. */
#include <check.h>
#include <stdlib.h>
#include <string.h>

#include "model/media_type.h"

#define SAID(type, bytes) "it is said to be of type " type ", but its bytes are " bytes

static const struct {
	const char *name, *declared, *found, *warning;
} cases[] = {
	{ "Police.pdf", "application/pdf", "application/pdf", NULL },
	{ "Police.pdf", "application/pdf", "application/x-dosexec",
	  SAID("PDF", "application/x-dosexec") },
	{ "Police.pdf", NULL, "application/octet-stream", SAID("PDF", "application/octet-stream") },
	{ "Police.PDF", "application/octet-stream", "image/png", SAID("PDF", "image/png") },
	{ NULL, "Application/PDF; name=\"x.pdf\"", "text/plain", SAID("PDF", "text/plain") },
	{ "x", "image/jpg", "image/jpeg", NULL },
	{ "x", "image/jpeg", "image/png", SAID("JPEG", "image/png") },
	{ "brief.docx", NULL, "application/zip", NULL },
	{ "brief.docx", NULL, "application/pdf", SAID("Office", "application/pdf") },
	{ "a.zip", "application/x-zip-compressed", "application/zip", NULL },
	/* types that bytes do not show, and endings that a declared type outweighs */
	{ "bestand.gdv", "text/plain", "text/x-gdv", NULL },
	{ "daten.xml", "text/xml", "text/plain", NULL },
	{ "liste.pdf", "text/csv", "text/csv", NULL },
	{ "x", "application/x-of-our-own", "application/octet-stream", NULL },
	/* a program, whatever it is called */
	{ "setup.exe", NULL, "application/x-dosexec",
	  "it is a program: its bytes are application/x-dosexec" },
	{ NULL, NULL, "application/x-executable",
	  "it is a program: its bytes are application/x-executable" },
	{ "x", "application/octet-stream", "application/octet-stream", NULL },
	/* nothing to hold against anything */
	{ NULL, NULL, NULL, NULL },
	{ "Police.pdf", "application/pdf", "", NULL },
	{ "pdf", "", "text/plain", NULL },
	{ ".", ";", "text/plain", NULL },
	/* what came is shown as fit for a terminal */
	{ "a.pdf", NULL, "x\x1b[2J", SAID("PDF", "x\\u{001B}[2J") },
};

START_TEST(said_and_found)
{
	char *warning =
		media_type_warning(cases[_i].name, cases[_i].declared, cases[_i].found, NULL);

	if (cases[_i].warning)
		ck_assert_str_eq(warning, cases[_i].warning);
	else
		ck_assert_msg(warning == NULL, "%s", warning);
	talloc_free(warning);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("media_type");
	Suite *suite = suite_create("media_type");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(tests, said_and_found, 0, sizeof cases / sizeof *cases);
	suite_add_tcase(suite, tests);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
