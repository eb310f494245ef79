/* clues_test.c -- contracts that only the text of a document speaks of: shown to a person, never filed to. */
#include "clerk.h"

#include "review/clues.h"

#define DOC  "/api/v1/documents/%s"
#define TEXT DOC "/text"

/* The candidates' ids in order. */
static char *candidates_of_document(const char *id)
{
	struct got got = see(DOC "/candidates", id);
	char *ids = talloc_strdup(house.mem, "");

	is_ok(got);
	for (int i = 0; i < 20; i++) {
		const char *one = in(got, talloc_asprintf(house.mem, "items.%d.contract_id", i));

		if (!strcmp(one, "-"))
			break;
		ids = talloc_asprintf_append(ids, "%s%s", i ? " " : "", one);
	}
	return ids;
}

static void keep(void)
{
	struct err e = { 0 };
	int done;

	ck_assert_msg(clues_keep(&done, &house.matcher, 100, &e), "%s", e.text);
}

START_TEST(a_number_in_the_text)
{
	char *id;
	struct got got;

	contract_add("A", "XY12345678");
	contract_add("B", "XY99999999");
	id = arrive("S-1", "");
	text_is(id, 2, "Sehr geehrte Frau Muster zu XY 12.345/678 vom 01.02.2025");
	got = see(DOC "/candidates", id);
	is_ok(got);
	ck_assert_str_eq(in(got, "items.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "items.1"), "-");
	ck_assert_str_eq(in(got, "items.0.tier_if"), "person");
	ck_assert_msg(strstr(got.body, "im Text auf Seite 2 steht die Nummer XY 12.345/678") !=
			      NULL,
		      "%s", got.body);
	got = see(TEXT, id);
	ck_assert_str_eq(in(got, "highlights.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "highlights.0.number"), "XY 12.345/678");
	ck_assert_str_eq(in(got, "highlights.0.box"), "[100.0,100.0,130.0,112.0]");
	ck_assert_str_eq(in(got, "highlights.1"), "-");
}
END_TEST

START_TEST(one_slip_away)
{
	char *id;

	contract_add("A", "XY12345678");
	id = arrive("S-1", "");
	text_is(id, 1, "Vertrag XY12345679");
	ck_assert_str_eq(candidates_of_document(id), "A");
	ck_assert(strstr(see(DOC "/candidates", id).body,
			 "steht eine Nummer, die in einem Zeichen abweicht: XY12345679") != NULL);
	id = arrive("S-2", "");
	text_is(id, 1, "Vertrag XY12345699");
	ck_assert_str_eq(candidates_of_document(id), "");
}
END_TEST

/* What is found exactly needs no guess beside it. */
START_TEST(exact_before_near)
{
	char *id;

	contract_add("A", "XY12345678");
	contract_add("B", "XY12345679");
	id = arrive("S-1", "");
	text_is(id, 1, "XY12345678");
	ck_assert_str_eq(candidates_of_document(id), "A");
}
END_TEST

START_TEST(a_customer_in_the_address)
{
	static const char *const texts[] = {
		"Frau Ilse Tannhuber Seestr. 1",
		"Kundin: Tannhuber, Ilse",
		"TANNHUBER ILSE",
	};

	contract_add("A", "XY12345678");
	holder_is("A", "Tannhuber", "Ilse");
	contract_add("B", "XY99999999");
	holder_is("B", "Tannhuber", "Otto");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *id = arrive(talloc_asprintf(house.mem, "S-%zu", i), "");

		text_is(id, 1, texts[i]);
		ck_assert_msg(!strcmp(candidates_of_document(id), "A"), "%s: %s", texts[i],
			      candidates_of_document(id));
	}
	ck_assert(strstr(see(DOC "/candidates", arrive("S-9", "")).body, "Seite") == NULL);
}
END_TEST

START_TEST(a_company)
{
	char *id;

	contract_add("A", "XY12345678");
	ask("update contract set name = 'Tann Bau GmbH' where contract_id = 'A'");
	id = arrive("S-1", "");
	text_is(id, 1, "An die Tann Bau GmbH, Musterstadt");
	ck_assert_str_eq(candidates_of_document(id), "A");
}
END_TEST

/* What the delivery itself says stands in front; a sentence more where both say the same. */
START_TEST(behind_the_delivery)
{
	char *id;
	struct got got;

	contract_add("A", "XY12345678");
	contract_add("B", "XY99999999");
	id = arrive("S-1", "policy=XY12345687"); /* two changed over: suggests A */
	text_is(id, 1, "XY99999999");
	ck_assert_str_eq(candidates_of_document(id), "A B");
	id = arrive("S-2", "policy=XY12345687");
	text_is(id, 1, "XY12345678");
	got = see(DOC "/candidates", id);
	ck_assert_str_eq(in(got, "items.0.contract_id"), "A");
	ck_assert_str_eq(in(got, "items.1"), "-");
	ck_assert(strstr(got.body, "im Text auf Seite 1 steht die Nummer XY12345678") != NULL);
}
END_TEST

/* Two have the number; whom the letter is for stands in it. At the other one a person is asked, whatever he came first for. */
START_TEST(whom_the_letter_names)
{
	struct got got;
	char *id;

	contract_add("A", "XY12345678");
	holder_is("A", "Strohmeyer", "Volker");
	contract_add("B", "XY12345678");
	holder_is("B", "Immergruen", "Volker");
	id = arrive("S-1", "policy=XY12345678");
	text_is(id, 1, "Volker Immergruen Zahlungserinnerung XY12345678");
	got = see(DOC "/candidates", id);
	ck_assert_str_eq(in(got, "items.0.contract_id"), "B"); /* his own stands first */
	ck_assert_str_eq(in(got, "items.0.confirm.0"), "-");
	ck_assert(strstr(got.body, "im Text auf Seite 1 steht der Name Volker Immergruen") != NULL);
	ck_assert_str_eq(in(got, "items.1.contract_id"), "A");
	ck_assert_str_eq(in(got, "items.1.rank"), "2");
	ck_assert_str_eq(in(got, "items.1.confirm.0.code"), "other_holder");
	ck_assert(strstr(got.body, "im Text steht der Name Volker Immergruen, nicht der") != NULL);
	keep();
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.best.contract_id"), "B");
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.best.by_text"), "false");
	holder_is("A", "Immergruen", "Volker"); /* father and son */
	got = see(DOC "/candidates", id);
	ck_assert_str_eq(in(got, "items.0.confirm.0"), "-");
}
END_TEST

/* One person's two contracts, and no number delivered: the one whose number the letter has stands first, in the list as well. */
START_TEST(which_the_letter_means)
{
	static const char delivered[] = "claim=S-2025-858485;name=Ruebsamen;first=Bjoern;"
					"born=1995-05-19";
	char *id, *other;

	contract_add("A", "XY12345678");
	contract_add("B", "XY99999999");
	ask("update contract set name = 'Ruebsamen', first_name = 'Bjoern', birth_date = '1995-05-19',"
	    " customer_id = 'K'");
	id = arrive("S-1", delivered);
	ck_assert_str_eq(candidates_of_document(id), "A B");
	text_is(id, 1, "Herrn Bjoern Ruebsamen Vertrag XY 99 99.99-99");
	ck_assert_str_eq(candidates_of_document(id), "B A");
	other = arrive("S-2", delivered);
	text_is(other, 1, "Herrn Bjoern Ruebsamen XY99999999 und XY12345678");
	ck_assert_str_eq(candidates_of_document(other), "A B"); /* it has both */
	keep();
	ck_assert_str_eq(in(see("/api/v1/queue?sort=age"), "items.0.best.contract_id"), "B");
	ck_assert_str_eq(in(see("/api/v1/queue?sort=age"), "items.1.best.contract_id"), "A");
	/* What did not wait for a while was not looked up since, however it is marked. */
	ask("update document_text set clued_at = 'infinity'");
	ck_assert_str_eq(in(see("/api/v1/queue?sort=age"), "items.0.best.contract_id"), "A");
}
END_TEST

/* A delivered number is more than a letter's words: only the holder tells twins apart, and only if none was delivered. */
START_TEST(the_delivery_leads)
{
	char *id;

	contract_add("A", "XY12345678");
	holder_is("A", "Strohmeyer", "Volker");
	contract_add("B", "XY12345678");
	holder_is("B", "Immergruen", "Volker");
	contract_add("C", "XY99999999");
	holder_is("C", "Immergruen", "Volker");
	id = arrive("S-1", "policy=XY12345678;name=Strohmeyer;first=Ida");
	text_is(id, 1, "Volker Immergruen XY99999999");
	ck_assert(strncmp(candidates_of_document(id), "A", 1) == 0);
	ck_assert_str_eq(in(see(DOC "/candidates", id), "items.0.confirm.0.code"), "other_holder");
}
END_TEST

/* Somebody's list of numbers is nobody's document. */
START_TEST(many_strangers)
{
	char *words = talloc_strdup(house.mem, ""), *id;

	for (int i = 0; i < 500; i++) {
		char contract[16], key[16];

		snprintf(contract, sizeof contract, "C%d", i);
		snprintf(key, sizeof key, "XY%08d", 11111111 + 1000 * i);
		contract_add(contract, key);
		words = talloc_asprintf_append(words, "%s ", key);
	}
	holder_is("C7", "Tannhuber", "Ilse");
	id = arrive("S-1", "");
	text_is(id, 1, talloc_asprintf(house.mem, "Ilse Tannhuber %s", words));
	ck_assert_str_eq(candidates_of_document(id), "");
	ck_assert_str_eq(in(see(TEXT, id), "highlights"), "[]");
	keep();
	ck_assert_str_eq(in(see("/api/v1/queue"), "items.0.best"), "null");
}
END_TEST

/* Few customers: a few candidates at most. */
START_TEST(one_customer_many_contracts)
{
	char *words = talloc_strdup(house.mem, ""), *id;
	int shown = 1;

	for (int i = 0; i < 12; i++) {
		char contract[16], key[16];

		snprintf(contract, sizeof contract, "C%d", i);
		snprintf(key, sizeof key, "XY%08d", 11111111 + 1000 * i);
		contract_add(contract, key);
		words = talloc_asprintf_append(words, "%s ", key);
	}
	ask("update contract set customer_id = 'fleet'");
	id = arrive("S-1", "");
	text_is(id, 1, words);
	for (const char *c = candidates_of_document(id); *c; c++)
		shown += *c == ' ';
	ck_assert_int_eq(shown, CLUES_MOST);
}
END_TEST

/* Another insurer's number is none, a short one neither. */
START_TEST(no_clue)
{
	char *id;

	contract_add("A", "4711");
	contract_add("B", "12345678");
	ask("update contract set issuer = 'south'");
	ask("update contract_name set issuer = 'south' where contract_id = 'B'");
	id = arrive("S-1", "");
	text_is(id, 1, "4711 12345678 000000000 Seite 1 von 2");
	ck_assert_str_eq(candidates_of_document(id), "");
}
END_TEST

START_TEST(in_the_list)
{
	char *id, *other;
	struct got got;

	contract_add("A", "XY12345678");
	holder_is("A", "Tannhuber", "Ilse");
	id = arrive("S-1", "");
	other = arrive("S-2", "policy=XY12345687");
	text_is(id, 1, "XY12345678");
	text_is(other, 1, "XY12345678");
	keep();
	got = see("/api/v1/queue?sort=age");
	ck_assert_str_eq(in(got, "items.0.best.contract_id"), "A");
	ck_assert_str_eq(in(got, "items.0.best.holder"), "Ilse Tannhuber");
	ck_assert_str_eq(in(got, "items.0.best.by_text"), "true");
	ck_assert_str_eq(in(got, "items.0.candidates"), "1");
	ck_assert_str_eq(in(got, "items.1.best.by_text"), "false");
	ck_assert_str_eq(in(got, "items.1.candidates"), "1");
	/* Nobody filed it, and nobody looks twice a day. */
	ck_assert_str_eq(ask("select string_agg(state, ' ') from document"), "queued queued");
	keep();
	ck_assert_str_eq(ask("select count(*) from document_text where clues = '{A}'"), "2");
	ask("update document_text set clued_at = now() - interval '2 days', clues = '{}'");
	ask("update document set state = 'ignored' where shipment_id = 'S-1'");
	keep();
	ck_assert_str_eq(
		ask("select string_agg(clues::text || clued_at, ' ' order by clued_at = 'infinity')"
		    " ~ '^{A}.* {}infinity$' from document_text"),
		"t");
}
END_TEST

/* Whatever stands there is shown, not obeyed. */
START_TEST(hostile_words)
{
	static const char *const texts[] = {
		"| |12345678 Ilse|Tannhuber ||",
		"%s%n%d12345678 Ilse%s Tannhuber%n",
		"12345678\u202e\u200b Il\u202ese Tannhuber",
		"\xc3\x84\xc3\x84\xc3\x84\xc3\x84 \xf0\x9f\x98\x80\xf0\x9f\x98\x80 12345678",
	};

	contract_add("A", "12345678");
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *id = arrive(talloc_asprintf(house.mem, "S-%zu", i), "");

		text_is(id, 1, texts[i]);
		is_ok(see(DOC "/candidates", id));
		is_ok(see(TEXT, id));
	}
}
END_TEST

int main(void)
{
	TCase *tc = tcase_create("clues");

	tcase_add_test(tc, a_number_in_the_text);
	tcase_add_test(tc, one_slip_away);
	tcase_add_test(tc, exact_before_near);
	tcase_add_test(tc, a_customer_in_the_address);
	tcase_add_test(tc, a_company);
	tcase_add_test(tc, behind_the_delivery);
	tcase_add_test(tc, whom_the_letter_names);
	tcase_add_test(tc, which_the_letter_means);
	tcase_add_test(tc, the_delivery_leads);
	tcase_add_test(tc, many_strangers);
	tcase_add_test(tc, one_customer_many_contracts);
	tcase_add_test(tc, no_clue);
	tcase_add_test(tc, in_the_list);
	tcase_add_test(tc, hostile_words);
	return clerk_run("clues", tc);
}
