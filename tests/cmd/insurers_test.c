/* insurers_test.c -- the ten-minute way of docs/insurers.md, and what list and show say. */
#include "program.h"

/* The file as a person would leave it: the source filled in, the # in front of numbers: and below taken away. */
static void fill_in(const char *path)
{
	char *command = talloc_asprintf(
		program.mem,
		"sed -i -e 's/where you read this/a letter, page 1/' -e '/^#numbers/,$ s/^#//' '%s'",
		path);

	ck_assert_int_eq(system(command), 0);
}

START_TEST(the_ten_minute_way)
{
	char *folder = talloc_asprintf(program.mem, "%s/mine", program.place);
	char *check = talloc_asprintf(program.mem, "insurers check %s", folder);
	char *begin =
		talloc_asprintf(program.mem, "insurers new nordwind --vu 9955 --folder %s", folder);

	program_gives(0, begin); /* makes the folder */
	program_says(out, "nordwind.yaml");
	program_says(out,
		     talloc_asprintf(program.mem, "then: vorpost insurers check %s\n", folder));
	program_gives(1, check);
	program_says(out, "say in source: where you read it");
	fill_in(talloc_asprintf(program.mem, "%s/nordwind.yaml", folder));
	program_gives(0, check);
	program_says(out, "1 insurer, 1 picture, every example comes out, 0 problems");
	program_run(begin); /* nobody's file is written over */
	program_says(err, "cannot write");
	program_gives(0, check);
}
END_TEST

/* What a reader copies from docs/insurers.md must be as good as the files that ship. */
START_TEST(the_file_of_the_document)
{
	char *folder = talloc_asprintf(program.mem, "%s/document", program.place);
	char *copy = talloc_asprintf(
		program.mem,
		"sed -n '/^issuer: hanseatische-beispiel$/,/^```$/p' '%s' | sed '$d' > '%s/hanseatische-beispiel.yaml'",
		SOURCE_DIR "/docs/insurers.md", folder);

	ck_assert_int_eq(mkdir(folder, 0755), 0);
	ck_assert_int_eq(system(copy), 0);
	program_gives(0, talloc_asprintf(program.mem, "insurers check %s", folder));
	program_says(out, "1 insurer, 5 pictures, every example comes out, 0 problems");
}
END_TEST

/* How he will be asked, to be held against his papers. */
START_TEST(what_the_wire_part_comes_to)
{
	program_gives(0, "insurers check " SOURCE_DIR "/fixtures/insurers " SOURCE_DIR
			 "/fixtures/dialects/insurers " SOURCE_DIR "/fixtures/logins/insurers");
	program_says(out,
		     "kranich is asked in BiPRO 2.1.4.1.1 in allgemein, ListShipments, SOAPAction "
		     "\"\", BestaetigeLieferungen true; at the token service in BiPRO 2.1.4.1.1");
	program_says(out, "; at the token service in BiPRO 2.1.1.1.0 in allgemein, SOAPAction "
			  "\"RequestSecurityToken\"\n");
	program_says(out,
		     "; at the token service in no BiPROVersion, SOAPAction \"\", in VEMA's words");
	program_says(out,
		     "windau is asked in BiPRO 2.8.0.1.0 in nachrichten, listShipments, SOAPAction "
		     "\"urn:listShipments\", BestaetigeLieferungen left out\n");
}
END_TEST

START_TEST(a_mistyped_insurer_is_said)
{
	program_gives(0, "number compare --vu nrth 12-34 1234");
	program_says(out, "same: ");
	program_says(err, "no insurer file is named or registered \"nrth\"");
	program_gives(0, "number compare --vu north 12-34 1234");
	ck_assert_str_eq(program.err, "");
	program_gives(0, "number explain --vu nrth 12-34");
	program_says(err, "no insurer file is named or registered \"nrth\"");
}
END_TEST

START_TEST(a_comparison_shows_both_sides)
{
	program_gives(0, "number compare --vu north NS-12345678 Vers.-Nr.12345678");
	program_says(out, "same: one number in two spellings that its picture allows\n\n");
	program_says(out, "left");
	program_gives(0, "--quiet number compare --vu north NS-12345678 Vers.-Nr.12345678");
	ck_assert_str_eq(program.out,
			 "same: one number in two spellings that its picture allows\n");
	setenv("LC_ALL", "de_DE.UTF-8", 1);
	program_run("number compare --vu north NS-12345678 NS-12345679");
	unsetenv("LC_ALL");
	program_says(out, "verschieden: beide sind wohlgeformt und verschieden\n");
	program_says(out, "links");
	ck_assert_ptr_null(strstr(program.out, "picture"));
}
END_TEST

START_TEST(new_refuses_what_could_not_be_loaded)
{
	program_gives(64, "insurers new North");
	program_says(err, "a-z, 0-9 and - only");
	program_gives(64, "insurers new other --vu 55");
	program_says(err, "expected four digits");
	program_gives(64, "insurers new other --name a\"b");
	program_gives(64, "insurers new other --vu 9001");
	program_says(err, "already stands for \"9001\"");
	program_gives(64, "insurers new north");
	program_says(err, "already stands for \"north\"");
}
END_TEST

/* What came with the program goes with its next release. */
START_TEST(new_writes_nothing_into_what_was_shipped)
{
	char *conf = talloc_asprintf(program.mem, "%s/shipped.yaml", program.place);

	program_write(conf,
		      "broker: demo\nstate: state\ninsurers: [ \"" VORPOST_INSURERS_DIR "\" ]\n",
		      0644);
	program_gives(64, talloc_asprintf(program.mem, "--config %s insurers new nordwind", conf));
	program_says(err, "say --folder FOLDER");
	ck_assert_int_ne(access(VORPOST_INSURERS_DIR "/nordwind.yaml", F_OK), 0);
}
END_TEST

START_TEST(check_takes_an_insurer_for_a_folder)
{
	program_gives(0, "insurers check north");
	program_says(out, "1 insurer, 1 picture, every example comes out, 0 problems");
	program_gives(0, "insurers check 9001");
	program_says(out, "1 insurer, ");
	program_gives(1, "insurers check nordlicht");
	program_says(out, "there is no folder \"nordlicht\", and no insurer of that key, name");
	program_gives(1, "insurers check ./nordlicht");
	program_says(out, "cannot read the folder ./nordlicht");
}
END_TEST

START_TEST(a_line_has_three_digits)
{
	program_gives(64, "number explain --vu north --line 50 123");
	program_says(err, "--line wants three digits: 050");
	program_gives(64, "number explain --vu north --line motor 123");
	program_says(err, "--line is \"motor\", expected three digits such as 050");
	program_gives(64, "insurers learn --line 7");
	program_says(err, "--line wants three digits: 007");
	program_gives(0, "number explain --vu north --line 050 123");
}
END_TEST

START_TEST(show_says_how_he_is_asked)
{
	char *folder = talloc_asprintf(program.mem, "%s/wire", program.place);
	char *conf = talloc_asprintf(program.mem, "%s/wire.yaml", program.place);

	ck_assert_int_eq(mkdir(folder, 0755), 0);
	program_write(
		talloc_asprintf(program.mem, "%s/wired.yaml", folder),
		"issuer: wired\nname: Wired\ncarriers:\n"
		"  - { vu: \"9971\", name: W, source: s, confidence: confirmed }\n"
		"wire:\n  login: certificate\n  acknowledge: delayed\n  acknowledge_after_h: 36\n"
		"  windows: [ \"mo-we 06:00-22:00\" ]\n  calls_per_minute: 12\n"
		"  source: \"his papers, page 7\"\n",
		0644);
	program_write(conf,
		      talloc_asprintf(program.mem,
				      "broker: demo\nstate: state\ninsurers: [ \"%s\" ]\n", folder),
		      0644);
	program_gives(0, talloc_asprintf(program.mem,
					 "--config %s insurers show wired --output csv", conf));
	program_says(out, "login,certificate,,,\"his papers, page 7\"");
	program_says(out, "acknowledge,delayed,36 h after it was stored,,\"his papers, page 7\"");
	program_says(out, "\"mo,tu,we 06:00-22:00\",Europe/Berlin");
	program_says(out, "12 calls a minute");
}
END_TEST

START_TEST(list_and_show)
{
	program_gives(0, "insurers list");
	program_says(out, "9002>9001 kept");
	program_says(out, "9005 until 2023-12-31");
	program_says(out, "1 with 1 picture, ");
	program_gives(0, "insurers list --without-pictures --output csv");
	program_says(out, "issuer,name,vu,valid,group,pictures,confidence,successors");
	ck_assert_ptr_null(strstr(program.out, "\nnorth,"));
	ck_assert_ptr_null(strstr(program.out, "by the general rule"));
	program_gives(0, "insurers show ended");
	program_says(out, "until 2023-12-31");
	program_says(out, "day not known, number unknown");
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("insurers");

	tcase_add_test(tc, the_ten_minute_way);
	tcase_add_test(tc, the_file_of_the_document);
	tcase_add_test(tc, what_the_wire_part_comes_to);
	tcase_add_test(tc, a_mistyped_insurer_is_said);
	tcase_add_test(tc, a_comparison_shows_both_sides);
	tcase_add_test(tc, new_refuses_what_could_not_be_loaded);
	tcase_add_test(tc, new_writes_nothing_into_what_was_shipped);
	tcase_add_test(tc, check_takes_an_insurer_for_a_folder);
	tcase_add_test(tc, a_line_has_three_digits);
	tcase_add_test(tc, show_says_how_he_is_asked);
	tcase_add_test(tc, list_and_show);
	return program_cases(suite_create("insurers"), tc);
}
