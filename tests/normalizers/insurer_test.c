/* insurer_test.c -- files that are refused, with the line; the index; the edges. */
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "insurer_folder.h"
#include "normalizers/insurer.h"
#include "normalizers/picture.h"

#define HEAD                                                                                       \
	"issuer: test\nname: Test\ncarriers:\n  - { vu: \"9101\", name: T, source: s, confidence: confirmed }\n"
#define OTHER  "  - name: other\n    source: s\n    confidence: confirmed\n"
#define NUMBER HEAD "numbers:\n  - name: all\n    source: s\n    confidence: confirmed\n"

struct bad_file {
	const char *text, *says, *says_too;
};

static const struct bad_file bad_files[] = {
	{ "", "test.yaml", "line" },
	{ "\n\n# nothing\n", "test.yaml", "line" },
	{ "issuer: [\n", "test.yaml", "line" },
	{ HEAD "colour: red\n", "colour", "line 5" },
	{ HEAD "numbers:\n  - name: all\n    pictur: \"##\"\n", "pictur", "line 7" },
	{ "issuer: test\nname: Test\n", "carriers", "Missing" },
	{ "issuer: test\nname: Test\ncarriers: []\n", "test.yaml", "line" },
	{ "issuer: other\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: confirmed }\n",
	  "line 1", "expected the file's own name" },
	{ "issuer: Test\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: confirmed }\n",
	  "line 1", "a-z" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { vu: \"54\", name: T, source: s, confidence: confirmed }\n",
	  "line 4", "four digits" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, source: s, confidence: sure }\n",
	  "line 4", "confidence is \"sure\"" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 1.1.2020, source: s, confidence: confirmed }\n",
	  "line 4", "no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, to: 2023-02-29, source: s, confidence: confirmed }\n",
	  "line 4", "\"2023-02-29\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, to: 2024-13-01, source: s, confidence: confirmed }\n",
	  "line 4", "\"2024-13-01\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 2024-04-31, source: s, confidence: confirmed }\n",
	  "line 4", "\"2024-04-31\" is no date" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, from: 2024-03-02, to: 2024-03-01, source: s, "
	  "confidence: confirmed }\n",
	  "line 4", "from 2024-03-02 is later than to 2024-03-01" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { vu: \"9101\", name: T, to: 2024-03-01, source: s, "
	  "confidence: confirmed }\n  - { vu: \"9101\", name: U, from: 2024-03-01, source: s, confidence: "
	  "confirmed }\n",
	  "9101", "twice for the same days" },
	{ "issuer: test\nname: Test\ncarriers:\n  - { name: T, colour: red, source: s, confidence: confirmed }\n",
	  "colour", "line 4" },
	{ HEAD "group: { name: G, source: s, confidence: sure }\n", "line 5", "general-knowledge" },
	{ HEAD "group: { name: G, source: s, confidence: confirmed, since: 2020-01-01 }\n", "since",
	  "line 5" },
	{ HEAD "group: { name: G }\n", "source", "line 5" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", date: 2024-02-30, number: new, source: s, "
	  "confidence: confirmed }\n",
	  "line 6", "\"2024-02-30\" is no date" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", number: new, why: x, source: s, confidence: "
	  "confirmed }\n",
	  "why", "line 6" },
	{ HEAD
	  "successors:\n  - { from: \"9101\", to: \"9102\", date: 2024-08-01, number: lost, source: s, "
	  "confidence: confirmed }\n",
	  "line 6", "kept, mapped, new or unknown" },
	{ NUMBER "    picture: \"[AS\"\n    same: [ [ AS, AS ] ]\n", "line 9", "not closed" },
	{ NUMBER "    picture: \"####\"\n    drops: zeros\n", "drops", "line 10" },
	{ NUMBER "    picture: \"####\"\n    means: nothing\n", "means", "line 10" },
	{ NUMBER "    picture: \"####\"\n    lines: [ \"50\" ]\n", "test.yaml", "line 10" },
	{ NUMBER "    picture: \"####\"\n    same: [ [ \"1234\", \"1234\", \"1234\" ] ]\n",
	  "test.yaml", "line 10" },
	{ NUMBER "    picture: \"####\"\n", "line 9", "no example" },
	/* one drawing is a part of another, the same again for another line, the examples before it */
	{ NUMBER "    picture: \"[AS-]#####\"\n    same: [ [ \"AS12345\", \"12345\" ] ]\n" OTHER
		 "    picture: \"####\"\n",
	  "line 14", "no example" },
	{ NUMBER "    picture: \"A####\"\n    same: [ [ \"A1234\", \"A 1234\" ] ]\n" OTHER
		 "    picture: \"A####\"\n    lines: [ \"050\" ]\n",
	  "line 14", "no example" },
	{ NUMBER
	  "    picture: \"A####\"\n    refused: [ \"A12\" ]\n    same: [ [ \"A1234\", \"A 1234\" ] ]\n" OTHER
	  "    refused: [ \"A12\" ]\n    same: [ [ \"B12\", \"B 12\" ] ]\n    picture: \"@##\"\n",
	  "line 15", "should be refused" },
	/* a file proves itself */
	{ NUMBER
	  "    picture: \"####\"\n    same:\n      - [ \"1234\", \"12 34\" ]\n      - [ \"1234\", \"12 35\" ]\n",
	  "line 12", "comes out as different, not same" },
	{ NUMBER "    picture: \"####\"\n    same: [ [ \"12345\", \"12 345\" ] ]\n", "line 10",
	  "is not drawn by it" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    different: [ [ \"1234\", \"123\" ] "
	  "]\n",
	  "line 11", "comes out as" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    review: [ [ \"1234\", \"1235\" ] ]\n",
	  "line 11", "comes out as different, not review" },
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n    refused: [ \"123\", \"1239\" ]\n",
	  "line 11", "should be refused" },
	{ NUMBER
	  "    picture: \"P####\"\n    means: customer\n    same: [ [ \"P1234\", \"X1234\" ] ]\n",
	  "line 11", "is not accepted" },
	{ NUMBER
	  "    picture: \"AB####\"\n    reads: [ [ \"ab-1234\", \"AB1235\" ] ]\n    same: [ [ \"AB1234\", "
	  "\"ab1234\" ] ]\n",
	  "line 10", "reads as AB1234, not AB1235" },
	{ NUMBER
	  "    picture: \"AB####\"\n    reads: [ [ \"ac-1234\", \"AC1234\" ] ]\n    same: [ [ \"AB1234\", "
	  "\"ab1234\" ] ]\n",
	  "line 10", "is not accepted: place 2 is C, the picture wants B" },
	{ NUMBER
	  "    picture: \"[AB]####\"\n    same: [ [ \"AB1234\", \"1234\" ] ]\n  - name: other\n    "
	  "source: s\n    confidence: confirmed\n    lines: [ \"130\" ]\n    picture: \"[CD]####\"\n    "
	  "same: [ [ \"CD1234\", \"cd 1234\" ] ]\n",
	  "comes out as review, not same", ", CD1234 (other)" },
	/* two pictures of one house say two things about one spelling */
	{ NUMBER
	  "    picture: \"####\"\n    same: [ [ \"1234\", \"12 34\" ] ]\n  - name: old\n    source: s\n    "
	  "confidence: confirmed\n    picture: \"12##\"\n    becomes: \"98##\"\n    same: [ [ \"1256\", "
	  "\"12 56\" ] ]\n",
	  "line 10", "picture \"12##\" as policy number 9834" },
	{ NUMBER
	  "    picture: \"P####\"\n    same: [ [ \"P1234\", \"p1234\" ] ]\n  - name: customers\n    source: "
	  "s\n    confidence: confirmed\n    means: customer\n    picture: \"@####\"\n    same: [ [ "
	  "\"Q1234\", \"q1234\" ] ]\n",
	  "test.yaml", "P1234" },
	{ HEAD "wire:\n  soap_action: loud\n", "soap_action", "line 6" },
	{ HEAD "wire:\n  soap_action: \"urn:*:*\"\n", "soap_action", "line 6" },
	{ HEAD "wire:\n  sts_soap_action: \"urn:a\\r\\nb\"\n", "sts_soap_action",
	  "* for the operation" },
	{ HEAD "wire:\n  soap_action: \"urn:x:*\"\n", "line 6", "sts_soap_action must say" },
	{ HEAD "wire:\n  sts_dialect: loud\n", "sts_dialect", "line 6" },
	{ HEAD "wire:\n  transfer_version: 1.1.1.1.0\n", "line 6", "message_namespace must say" },
	{ HEAD "wire:\n  transfer_version: 2.3.0.1.0\n", "line 6", "message_namespace must say" },
	{ HEAD "wire:\n  sts_version: 1.1.1.1.0\n", "line 6", "sts_namespace must say" },
	{ HEAD "wire:\n  poll_interval_s: 0\n", "poll_interval_s", "expected 1" },
	{ HEAD "wire:\n  get_timeout_s: 604801\n", "get_timeout_s", "604801" },
	{ HEAD "wire:\n  get_timeout_s: -1\n", "get_timeout_s", "line 6" },
	{ HEAD "wire:\n  answer_bytes_most: 1023\n", "answer_bytes_most", "1024" },
	{ HEAD "wire:\n  parallel: 65\n", "parallel", "65" },
	{ HEAD "wire:\n  parallel: 0\n", "parallel", "1 to 64" },
	{ HEAD "wire:\n  calls_per_minute: 6001\n", "calls_per_minute", "6001" },
	{ HEAD "wire:\n  acknowledge_after_h: 2161\n", "acknowledge_after_h", "2161" },
	{ HEAD "wire:\n  windows: [ \"mo 25:00-26:00\" ]\n", "window", "mo 25:00-26:00" },
	{ HEAD "wire:\n  time_zone: \"Berlin'; x\"\n", "time_zone", "Europe/Berlin" },
	{ HEAD "wire:\n  time_zone: Mars/Olympus\n", "line 6", "Europe/Berlin" },
	{ HEAD "wire:\n  time_zone: /etc/localtime\n", "line 6", "Europe/Berlin" },
	{ HEAD "wire:\n  time_zone: Europe\n", "line 6", "Europe/Berlin" },
	{ HEAD "wire:\n  category: abc\n", "line 6", "nine digits such" },
	{ HEAD "wire:\n  category: \"12001000\"\n", "line 6", "nine digits such" },
	{ HEAD "wire:\n  transfer_version: \"2.6\"\n", "line 6", "five numbers" },
	{ HEAD "wire:\n  transfer_version: 2.6.1.1.0.1\n", "line 6", "five numbers" },
	{ HEAD "wire:\n  sts_version: 2.6.1.1.x\n", "line 6", "five numbers" },
	{ HEAD "wire:\n  list_most: 999999999\n", "list_most", "expected 1 to 100000" },
};

START_TEST(refused_files)
{
	const struct bad_file *bad = &bad_files[_i];
	struct err e = { 0 };

	put("test.yaml", bad->text);
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_msg(strstr(e.text, "test.yaml") && strstr(e.text, bad->says) &&
			      strstr(e.text, bad->says_too),
		      "\"%s\" lacks \"%s\" or \"%s\"", e.text, bad->says, bad->says_too);
}
END_TEST

START_TEST(no_such_folder)
{
	char *none = talloc_asprintf(mem, "%s/none", folder);
	struct err e = { 0 };

	ck_assert_ptr_null(insurers_load(&none, 1, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, none));
}
END_TEST

START_TEST(two_files_claim_one_number)
{
	struct err e = { 0 };

	put("test.yaml", HEAD);
	put("twin.yaml",
	    "issuer: twin\nname: Twin\ncarriers:\n  - { vu: \"9101\", name: W, source: s, confidence: "
	    "confirmed }\n");
	ck_assert_ptr_null(insurers_load(&folder, 1, mem, &e));
	ck_assert_ptr_nonnull(strstr(e.text, "both claim \"9101\""));
	ck_assert_ptr_nonnull(strstr(e.text, "twin.yaml"));
}
END_TEST

START_TEST(empty_folder_and_other_files)
{
	struct insurers *all;
	struct err e = { 0 };

	put(".hidden.yaml", "colour: red\n");
	put("notes.txt", "colour: red\n");
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	ck_assert_uint_eq(insurers_count(all), 0);
	ck_assert_ptr_null(insurers_find(all, "5438"));
	ck_assert_ptr_null(insurers_at(all, 0));
	ck_assert_ptr_null(insurers_by_issuer(all, "test"));
}
END_TEST

START_TEST(found_by_number_key_and_name)
{
	const struct insurer *one;
	struct insurers *all;
	struct err e = { 0 };

	put("test.yaml",
	    "issuer: test\nname: \"Prüf & Söhne\"\ncarriers:\n"
	    "  - { vu: \"0910\", name: Erste, source: s, confidence: confirmed }\n"
	    "  - { vu: \"9101\", name: Zweite, to: 2020-12-31, source: s, confidence: inferred }\n");
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	one = insurers_at(all, 0);
	ck_assert_str_eq(one->carriers[1].to, "2020-12-31");
	ck_assert_ptr_null(one->carriers[1].from);
	ck_assert_ptr_eq(insurers_find(all, "9101"), one);
	ck_assert_ptr_eq(insurers_find(all, "09101"), one);
	ck_assert_ptr_eq(insurers_find(all, " 9101 "), one);
	ck_assert_ptr_eq(insurers_find(all, "910"), one);
	ck_assert_ptr_eq(insurers_find(all, "TEST"), one);
	ck_assert_ptr_eq(insurers_find(all, "prüf & söhne"), one);
	ck_assert_ptr_eq(insurers_find(all, "Pruef & Soehne"), one);
	ck_assert_ptr_eq(insurers_find(all, "zweite"), one);
	ck_assert_ptr_null(insurers_find(all, "91010"));
	ck_assert_ptr_null(insurers_find(all, "tes"));
	ck_assert_ptr_null(insurers_find(all, ""));
	ck_assert_ptr_null(insurers_find(all, NULL));
}
END_TEST

START_TEST(later_folder_wins)
{
	char *shipped = SOURCE_DIR "/insurers";
	char *folders[] = { shipped, folder };
	const struct insurer *wgv;
	struct insurers *all;
	struct err e = { 0 };

	put("wgv.yaml",
	    "issuer: wgv\nname: Ours\ncarriers:\n  - { vu: \"5525\", name: WGV, source: s, confidence: "
	    "confirmed }\nwire:\n  acknowledge_flag: omit\n  soap_action: bare\n  list_most: 7\n"
	    "  acknowledge: delayed\n  acknowledge_after_h: 48\n  parallel: 3\n  calls_per_minute: 30\n"
	    "  time_zone: UTC\n  windows: [ \"mo-fr 06:00-22:00\", \"sa 08:30-12:00\" ]\n");
	all = insurers_load(folders, 2, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	wgv = insurers_find(all, "5525");
	ck_assert_str_eq(wgv->name, "Ours");
	ck_assert_uint_eq(wgv->picture_count, 0);
	ck_assert_int_eq(wgv->profile.flag, FLAG_OMIT);
	ck_assert_int_eq(wgv->profile.action, ACTION_BARE);
	ck_assert_int_eq(wgv->profile.list_most, 7);
	ck_assert_int_eq(wgv->profile.acknowledge, ACKNOWLEDGE_DELAYED);
	ck_assert_int_eq(wgv->profile.acknowledge_after_h, 48);
	ck_assert_int_eq(wgv->profile.parallel, 3);
	ck_assert_int_eq(wgv->profile.calls_per_minute, 30);
	ck_assert_str_eq(wgv->profile.time_zone, "UTC");
	ck_assert_uint_eq(wgv->profile.window_count, 2);
	ck_assert_uint_eq(wgv->profile.windows[0].days, 0x1f);
	ck_assert_int_eq(wgv->profile.windows[1].from, 8 * 60 + 30);
	ck_assert_int_eq(wgv->profile.get_timeout_s, profile_default.get_timeout_s);
	ck_assert_str_eq(wgv->profile.transfer_version, profile_default.transfer_version);
}
END_TEST

/* What follows from the release, and what the file says against it. */
static const struct {
	const char *wire, *sts_version; /* NULL: left out */
	enum message_namespace messages, sts_messages;
	enum soap_action action, sts_action;
} spoken[] = {
	{ "signature: none", "2.6.1.1.0", MESSAGE_NACHRICHTEN, MESSAGE_NACHRICHTEN, ACTION_URN,
	  ACTION_URN },
	{ "transfer_version: 2.1.4.1.1", "2.1.4.1.1", MESSAGE_ALLGEMEIN, MESSAGE_ALLGEMEIN,
	  ACTION_URN, ACTION_URN },
	{ "transfer_version: 2.4.0.1.0\n  sts_version: 2.1.1.1.0", "2.1.1.1.0", MESSAGE_NACHRICHTEN,
	  MESSAGE_ALLGEMEIN, ACTION_URN, ACTION_URN },
	{ "transfer_version: 2.1.4.1.1\n  sts_version: 2.8.0.1.0", "2.8.0.1.0", MESSAGE_ALLGEMEIN,
	  MESSAGE_NACHRICHTEN, ACTION_URN, ACTION_URN },
	{ "transfer_version: 2.1.4.1.1\n  message_namespace: nachrichten", "2.1.4.1.1",
	  MESSAGE_NACHRICHTEN, MESSAGE_NACHRICHTEN, ACTION_URN, ACTION_URN },
	{ "sts_version: 1.1.1.1.0\n  sts_namespace: allgemein", "1.1.1.1.0", MESSAGE_NACHRICHTEN,
	  MESSAGE_ALLGEMEIN, ACTION_URN, ACTION_URN },
	{ "sts_version: omit\n  soap_action: bare", NULL, MESSAGE_NACHRICHTEN, MESSAGE_NACHRICHTEN,
	  ACTION_BARE, ACTION_BARE },
	{ "sts_dialect: vema\n  soap_action: bare", NULL, MESSAGE_NACHRICHTEN, MESSAGE_NACHRICHTEN,
	  ACTION_BARE, ACTION_EMPTY },
	{ "sts_dialect: vema\n  sts_version: 2.6.1.1.0\n  sts_soap_action: urn", "2.6.1.1.0",
	  MESSAGE_NACHRICHTEN, MESSAGE_NACHRICHTEN, ACTION_URN, ACTION_URN },
	{ "soap_action: \"urn:x:*\"\n  sts_soap_action: empty", "2.6.1.1.0", MESSAGE_NACHRICHTEN,
	  MESSAGE_NACHRICHTEN, ACTION_URI, ACTION_EMPTY },
};

START_TEST(each_service_speaks_its_own_release)
{
	const struct profile *p;
	struct insurers *all;
	struct err e = { 0 };

	put("test.yaml", talloc_asprintf(mem, HEAD "wire:\n  %s\n", spoken[_i].wire));
	all = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	p = &insurers_by_issuer(all, "test")->profile;
	ck_assert_pstr_eq(p->sts_version, spoken[_i].sts_version);
	ck_assert_int_eq(p->messages, spoken[_i].messages);
	ck_assert_int_eq(p->sts_messages, spoken[_i].sts_messages);
	ck_assert_int_eq(p->action, spoken[_i].action);
	ck_assert_int_eq(p->sts_action, spoken[_i].sts_action);
	if (p->action == ACTION_URI)
		ck_assert_str_eq(p->action_uri, "urn:x:*");
}
END_TEST

START_TEST(shipped_files)
{
	char *shipped = SOURCE_DIR "/insurers";
	struct insurers *all;
	const struct insurer *kin[4];
	struct err e = { 0 };
	size_t drawn = 0;

	all = insurers_load(&shipped, 1, mem, &e);
	ck_assert_msg(all != NULL, "%s", e.text);
	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		drawn += one->picture_count > 0;
		if (i > 0)
			ck_assert_str_lt(insurers_at(all, i - 1)->issuer, one->issuer);
		ck_assert_ptr_eq(insurers_by_issuer(all, one->issuer), one);
		for (size_t k = 0; k < one->carrier_count; k++)
			ck_assert(!one->carriers[k].vu ||
				  insurers_find(all, one->carriers[k].vu) == one);
	}
	ck_assert_uint_ge(drawn, 30);
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5339"), kin, 4), 2);
	ck_assert_ptr_eq(kin[0], insurers_find(all, "5339"));
	ck_assert_ptr_eq(kin[1], insurers_find(all, "5438"));
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5438"), kin, 1), 1);
	ck_assert_uint_eq(insurers_kin(all, insurers_find(all, "5515"), kin, 4), 1);
}
END_TEST

/* No picture of one line may contradict another: then neither would help. */
START_TEST(shipped_pictures_agree)
{
	char *shipped = SOURCE_DIR "/insurers", example[KEY_MOST + 1];
	struct err e = { 0 };
	struct insurers *all = insurers_load(&shipped, 1, mem, &e);

	for (size_t i = 0; i < insurers_count(all); i++) {
		const struct insurer *one = insurers_at(all, i);

		for (size_t k = 0; k < one->picture_count; k++) {
			for (size_t m = k; m < one->picture_count; m++)
				ck_assert_msg(!picture_overlap(&one->pictures[k], &one->pictures[m],
							       example),
					      "%s: %s and %s", one->issuer,
					      one->pictures[k].drawing, one->pictures[m].drawing);
		}
	}
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("insurer");
	TCase *t = tcase_create("insurer");
	SRunner *runner;
	int failed;

	suite_add_tcase(suite, t);
	tcase_set_timeout(t, 60);
	tcase_add_checked_fixture(t, setup, teardown);
	tcase_add_loop_test(t, refused_files, 0, (int)(sizeof(bad_files) / sizeof(bad_files[0])));
	tcase_add_test(t, no_such_folder);
	tcase_add_test(t, two_files_claim_one_number);
	tcase_add_test(t, empty_folder_and_other_files);
	tcase_add_test(t, found_by_number_key_and_name);
	tcase_add_test(t, later_folder_wins);
	tcase_add_loop_test(t, each_service_speaks_its_own_release, 0,
			    sizeof spoken / sizeof *spoken);
	tcase_add_test(t, shipped_files);
	tcase_add_test(t, shipped_pictures_agree);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
