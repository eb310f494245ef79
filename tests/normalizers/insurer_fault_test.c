/* insurer_fault_test.c -- what a newcomer mistypes: the sentence names the line on which he mistyped it, and what belongs there. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "normalizers/insurer.h"

/* Every line by its number; a mistake replaces one. */
static const char *const lines[] = {
	"issuer: test",
	"name: Test",
	"carriers:",
	"  - { vu: \"9101\", name: T, source: s, confidence: confirmed }",
	"successors:",
	"  - { from: \"9101\", to: \"9101\", number: new, source: s, confidence: confirmed }",
	"numbers:",
	"  - name: all",
	"    picture: \"AB-####\"",
	"    lines: [ \"050\" ]",
	"    source: \"a letter\"",
	"    confidence: confirmed",
	"    reads: [ [ \"ab 1234\", \"AB1234\" ], [ \"AB-1235\", \"AB1235\" ] ]",
	"    same:",
	"      - [ \"AB-1234\", \"ab1234\" ]",
	"      - [ \"AB-1235\", \"ab1235\" ]",
	"    different: [ [ \"AB-1234\", \"AB-1235\" ] ]",
	"    refused: [ \"AC1234\" ]",
	"wire:",
	"  acknowledge: manual",
	"  parallel: 2",
};
#define LINES ((int)(sizeof(lines) / sizeof(*lines)))

static const struct {
	int line;
	const char *instead;
	const char *says; /* behind the file's name */
} mistakes[] = {
	{ 9, "    pictures: \"AB-####\"",
	  ", line 9: unknown key \"pictures\"; known here: name, picture, becomes, source" },
	{ 9, "picture: \"AB-####\"",
	  ", line 9: \"picture\" is indented otherwise than the entry of line 8, which lacks it" },
	{ 9, "  picture: \"AB-####\"",
	  ", line 9: this is indented otherwise than the list before it" },
	{ 16, "    - [ \"AB-1235\", \"ab1235\" ]", ", line 16: " },
	{ 16, "     - [ \"AB-1235\", \"ab1235\" ]", ", line 16: this is indented otherwise" },
	{ 16, "\t- [ \"AB-1235\", \"ab1235\" ]", ", line 16: a character that begins nothing" },
	{ 20, "  acknowledge: late",
	  ", line 20: acknowledge is \"late\"; expected automatic, delayed or manual" },
	{ 20, "  acknowledge: [ manual ]", ", line 20: acknowledge wants one word" },
	{ 21, "  parallel: two", ", line 21: parallel is \"two\", expected a number" },
	{ 13, "    reads: [ \"ab 1234\", \"AB1234\" ]",
	  ", line 13: reads wants pairs: [ [ \"spelling\", \"key\" ] ]" },
	{ 13, "    reads: \"ab 1234\"",
	  ", line 13: reads wants pairs: [ [ \"spelling\", \"key\" ] ]" },
	{ 13, "    reads: [ [ \"ab 1234\" ] ]", ", line 13: reads wants pairs" },
	{ 15, "      - [ \"AB-1234\", \"ab1234\", \"AB 1234\" ]", ", line 15: same wants pairs" },
	{ 10, "    lines: [ \"50\" ]",
	  ", line 10: a line has three digits, in a list: [ \"050\" ]" },
	{ 10, "    lines: \"050\"", ", line 10: a line has three digits, in a list: [ \"050\" ]" },
	{ 11, "    source: \"a letter",
	  ", line 11: the quotation mark that begins here is closed only in line 13" },
	{ 11, "    source: a letter: page 1", ", line 11: a \":\" may not stand here" },
	{ 17, "    different: [ [ \"AB-1234\", \"AB-1235\" ]",
	  ", line 17: the list that begins here" },
	{ 8, "  - picture: \"AB-####\"",
	  ", line 8: the key \"name\" is missing in what begins here" },
	{ 4, "  - { vu: \"9101\", source: s, confidence: confirmed }",
	  ", line 4: the key \"name\" is missing in what begins here" },
	{ 3, "carriers: T", ", line 3: carriers wants a list" },
	{ 1, "", ", line 2: the key \"issuer\" is missing in what begins here" },
	/* the same spelling stands under reads:, too */
	{ 18, "    refused: [ \"AC1234\", \"ab 1234\" ]",
	  ", line 18: picture \"AB-####\", example \"ab 1234\" should be refused" },
	{ 17, "    different: [ [ \"AB-1234\", \"ab1234\" ] ]",
	  ", line 17: picture \"AB-####\", example \"ab1234\" comes out as same" },
};

START_TEST(a_mistake_is_told_with_its_line)
{
	char name[] = "/tmp/vorpost-faults-XXXXXX", path[80];
	char *folder = mkdtemp(name);
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	FILE *out;

	snprintf(path, sizeof(path), "%s/test.yaml", folder);
	out = fopen(path, "w");
	for (int i = 0; i < LINES; i++)
		fprintf(out, "%s\n", i + 1 == mistakes[_i].line ? mistakes[_i].instead : lines[i]);
	fclose(out);
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	unlink(path);
	rmdir(folder);
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strncmp(e.text, path, strlen(path)) == 0 &&
			      strncmp(e.text + strlen(path), mistakes[_i].says,
				      strlen(mistakes[_i].says)) == 0,
		      "\"%s\" is not FILE\"%s\"", e.text, mistakes[_i].says);
	talloc_free(mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("insurer_fault");
	TCase *t = tcase_create("insurer_fault");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_add_loop_test(t, a_mistake_is_told_with_its_line, 0,
			    (int)(sizeof(mistakes) / sizeof(*mistakes)));
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_ENV);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
