/*
 * Files nobody wrote: random damage to sound ones, under the sanitizers. Whatever comes in, the
 * reader ends, counts add up, and what it hands over is fit for the database.
 */
#include "base/text.h"
#include "tests/matcher/stock_world.h"

#define ROUNDS 1500

/* A generator of its own, so that a round is the same everywhere. */
static uint32_t dice(uint32_t *state)
{
	*state = *state * 1664525u + 1013904223u;
	return *state >> 8;
}

static size_t damage(unsigned char *bytes, size_t len, uint32_t *state)
{
	unsigned hits = 1 + dice(state) % 8;

	for (unsigned i = 0; i < hits && len > 1; i++) {
		size_t at = dice(state) % len, more = dice(state) % 300;

		switch (dice(state) % 5) {
		case 0: /* a byte */
			bytes[at] = (unsigned char)dice(state);
			break;
		case 1: /* a lost piece */
			more = more < len - at ? more : len - at;
			memmove(bytes + at, bytes + at + more, len - at - more);
			len -= more;
			break;
		case 2: /* the end is lost */
			len = at + 1;
			break;
		case 3: /* a line end where none was, or the other way round */
			bytes[at] = bytes[at] == '\n' ? ' ' : '\n';
			break;
		default: /* a repeated piece */
			more = more < len - at ? more : len - at;
			memmove(bytes + (at > more ? at - more : 0), bytes + at, more);
		}
	}
	return len;
}

static void check_sound(const struct catch *caught)
{
	uint64_t lines = 0;

	for (const char *at = caught->contracts; *at; at++)
		lines += *at == '\n';
	ck_assert(text_valid_utf8(caught->contracts, strlen(caught->contracts)));
	ck_assert(text_valid_utf8(caught->problems, strlen(caught->problems)));
	ck_assert(lines >= caught->counts.contracts);
	ck_assert(caught->counts.skipped <= caught->counts.problems);
	ck_assert(caught->ok || caught->e.kind == ERR_DELIVERY);
}

START_TEST(damaged_gdv_is_survived)
{
	static const char *const line_ends[] = { "\n", "\r\n", "" };
	uint32_t state = 1;
	struct pen pen;

	pen_start(&pen, line_ends[_i]);
	for (int i = 0; i < 3; i++) {
		pen_head(&pen, "5438 ");
		pen_person(&pen, "5438 ", "050", "4711", "M\x81ller", "Max", "01021970");
		pen_policy(&pen, "5438 ", "050", "4711");
		pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
		pen_field(&pen, 84, "47/11");
		pen_stock(&pen, "0210", "1", "5438 ", "050", "4711");
		pen_tail(&pen, 1);
	}
	for (int round = 0; round < ROUNDS; round++) {
		unsigned char *bytes = talloc_memdup(NULL, pen.bytes, pen.used);
		struct catch caught;

		catch_bytes(&caught, bytes, damage(bytes, pen.used, &state), NULL);
		check_sound(&caught);
		let_go(&caught);
		talloc_free(bytes);
	}
	talloc_free(pen.bytes);
}
END_TEST

START_TEST(damaged_csv_is_survived)
{
	static const char sound[] =
		"vu;number;other_numbers;customer_id;name;start\r\n"
		"5438;\"4711\";A|B;K1;\"M\xC3\xBCller; \"\"Max\"\"\";1.5.2004\r\n"
		"5438;4712;;K2;\"two\r\nlines\";2004-05-01\r\n"
		"5438;4713;|||;K3;\"\";\r\n";
	uint32_t state = 2;

	for (int round = 0; round < ROUNDS; round++) {
		unsigned char bytes[sizeof(sound)];
		struct catch caught;

		memcpy(bytes, sound, sizeof(sound));
		catch_bytes(&caught, bytes, damage(bytes, sizeof(sound) - 1, &state), NULL);
		check_sound(&caught);
		let_go(&caught);
	}
}
END_TEST

START_TEST(pure_noise_is_refused_or_named)
{
	uint32_t state = 3;

	for (int round = 0; round < 200; round++) {
		unsigned char bytes[3000];
		struct catch caught;

		for (size_t i = 0; i < sizeof(bytes); i++)
			bytes[i] = (unsigned char)dice(&state);
		if (round % 2)
			memcpy(bytes, "00015438 Nordstern Allgemeine      ", 35);
		catch_bytes(&caught, bytes, dice(&state) % sizeof(bytes), NULL);
		check_sound(&caught);
		ck_assert_int_eq(caught.counts.contracts, 0);
		let_go(&caught);
	}
}
END_TEST

/* Many contracts and persons under one number must not cost the square of it. */
START_TEST(a_number_with_very_many_contracts_is_cut_off)
{
	struct catch caught;
	struct pen pen;
	char surname[16];

	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	for (int i = 0; i < 1002; i++) {
		snprintf(surname, sizeof(surname), "N%d", i);
		pen_person(&pen, "5438 ", "010", "4711", surname, "Max", "01021970");
		pen_policy(&pen, "5438 ", "010", "4711");
	}
	pen_tail(&pen, 1002);
	catch_pen(&caught, &pen);
	ck_assert_ptr_nonnull(strstr(caught.problems, "more than 1000 persons under one number"));
	ck_assert_ptr_nonnull(strstr(caught.problems, "more than 1000 contracts under one number"));
	let_go(&caught);
}
END_TEST

/* ---- real deliveries, if somebody put them beside the checkout; they are not part of the project ---- */

static const struct {
	const char *name;
	uint64_t contracts, problems;
} real[] = {
	{ "Klaus_Test.gdv", 94, 2 },
	{ "Leben_Wagnis4_BU.GDV", 1, 2 },
	{ "musterdatei_041222.txt", 14, 0 },
	{ "satz220.20.fehlerhaft.txt", 0, 2 },
};

START_TEST(real_deliveries_come_out)
{
	char path[512];
	struct stock_counts counts;
	struct catch caught = { .mem = talloc_new(NULL) };
	struct stock_sink sink = { &caught, catch_contract, catch_problem };
	FILE *in;

	snprintf(path, sizeof(path), "%s/../shared/data/gdv/%s", SOURCE_DIR, real[_i].name);
	in = fopen(path, "rb");
	if (!in) {
		printf("skipped: no %s beside the checkout\n", real[_i].name);
		talloc_free(caught.mem);
		return;
	}
	caught.contracts = talloc_strdup(caught.mem, "");
	caught.problems = talloc_strdup(caught.mem, "");
	ck_assert(stock_read(in, NULL, &sink, &counts, &caught.e));
	ck_assert_int_eq(counts.format, STOCK_GDV);
	ck_assert_int_eq(counts.contracts, real[_i].contracts);
	ck_assert_int_eq(counts.problems, real[_i].problems);
	ck_assert_int_eq(counts.skipped, 0);
	fclose(in);
	talloc_free(caught.mem);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("matcher/stock");
	TCase *tcase = tcase_create("damage");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 120);
	tcase_add_loop_test(tcase, damaged_gdv_is_survived, 0, 3);
	tcase_add_test(tcase, damaged_csv_is_survived);
	tcase_add_test(tcase, pure_noise_is_refused_or_named);
	tcase_add_test(tcase, a_number_with_very_many_contracts_is_cut_off);
	tcase_add_loop_test(tcase, real_deliveries_come_out, 0, 4);
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed != 0;
}
