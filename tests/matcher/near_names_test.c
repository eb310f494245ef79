/* The database's neighbours of a number against brute force: all of them, and nothing else. */
#include "matcher/near_names.h"

#include <check.h>
#include <stdlib.h>

#include "house.h"
#include "tests/normalizers/dice.h"

#define STOCK     1500
#define QUESTIONS 400

struct stock {
	char keys[STOCK][KEY_MOST + 1];
	size_t count;
};

/* Names of one issuer, in one statement. */
static void stock_write(const struct stock *stock, const char *broker, const char *issuer)
{
	char *sql = talloc_asprintf(
		house.mem,
		"insert into broker values ('%s') on conflict do nothing;"
		"insert into contract (broker, contract_id, issuer) values ('%s', '%s', '%s');"
		"insert into contract_name (broker, issuer, key, contract_id, origin, spelling)"
		" values ",
		broker, broker, issuer, issuer);

	for (size_t i = 0; i < stock->count; i++)
		sql = talloc_asprintf_append_buffer(sql, "%s('%s','%s','%s','%s','system','')",
						    i ? "," : "", broker, issuer, stock->keys[i],
						    issuer);
	ask(talloc_strdup_append_buffer(sql, " on conflict do nothing"));
}

/* One slip, anywhere; also one that leaves the key as it is, or too short or too long to count. */
static void slip(char out[KEY_MOST + 3], const char *key, const char *alphabet, struct dice *d)
{
	size_t len = strlen(key), at = dice_throw(d, len);
	char c = alphabet[dice_throw(d, strlen(alphabet))];

	strcpy(out, key);
	switch (dice_throw(d, 5)) {
	case 0:
		memmove(out + at, out + at + 1, len - at);
		break;
	case 1:
		memmove(out + at + 1, out + at, len - at + 1);
		out[at] = c;
		break;
	case 2:
		out[at] = c;
		break;
	case 3:
		if (at + 1 < len) {
			out[at] = key[at + 1];
			out[at + 1] = key[at];
		}
		break;
	default:
		memmove(out, key + (len > 7 ? 2 : 0), len + 1 - (len > 7 ? 2 : 0));
	}
}

static size_t brute_force(const struct stock *stock, const char *key)
{
	enum neighbour how;
	size_t count = 0;

	for (size_t i = 0; i < stock->count; i++)
		count += neighbour_is(&how, key, stock->keys[i]);
	return count;
}

static void drop_twins(struct stock *stock)
{
	size_t kept = 0;

	qsort(stock->keys, stock->count, sizeof *stock->keys,
	      (int (*)(const void *, const void *))strcmp);
	for (size_t i = 0; i < stock->count; i++)
		if (!kept || strcmp(stock->keys[i], stock->keys[kept - 1]) != 0)
			memmove(stock->keys[kept++], stock->keys[i], sizeof *stock->keys);
	stock->count = kept;
}

/* A stock in which much is near, asked for slips of its own names. */
static size_t check_stock(const char *alphabet, size_t least, size_t most, uint64_t seed)
{
	struct dice d = { seed };
	struct stock *stock = talloc_zero(house.mem, struct stock);
	struct near_names *near = near_names_new(stock);
	struct err e = { 0 };
	size_t found = 0, count;

	for (stock->count = 0; stock->count < STOCK; stock->count++)
		dice_key(stock->keys[stock->count], least + dice_throw(&d, most - least + 1),
			 alphabet, &d);
	drop_twins(stock);
	stock_write(stock, "demo", "north");
	for (int i = 0; i < QUESTIONS; i++) {
		char key[KEY_MOST + 3];

		slip(key, stock->keys[dice_throw(&d, stock->count)], alphabet, &d);
		near_names_ask(near, "north", talloc_strdup(near, key));
	}
	ck_assert_msg(near_names_find(near, house.matcher.db, "demo", &e), "%s", e.text);
	for (size_t i = 0; i < near->ask_count; i++) {
		near_names_of(near, i, &count);
		ck_assert_msg(count == brute_force(stock, near->asks[i].key),
			      "%s: %zu, by brute force %zu", near->asks[i].key, count,
			      brute_force(stock, near->asks[i].key));
		found += count;
	}
	talloc_free(stock);
	return found;
}

START_TEST(all_of_short_keys)
{
	ck_assert_uint_gt(check_stock("012", 4, 7, 1), 3000);
}
END_TEST

START_TEST(all_of_keys_as_they_are)
{
	ck_assert_uint_gt(check_stock("0123456789", 8, 13, 2), 100);
}
END_TEST

START_TEST(all_with_letters)
{
	ck_assert_uint_gt(check_stock("01AB", 5, 9, 3), 500);
}
END_TEST

START_TEST(all_of_the_longest)
{
	ck_assert_uint_gt(check_stock("07", 33, 35, 4), 50);
}
END_TEST

/* Every single neighbour of keys of every length, one at a time: no place is forgotten. */
struct row_of_all {
	struct stock *stock;
	size_t listed;
};

static void keep(void *self, const char *key, enum neighbour how)
{
	struct row_of_all *all = self;

	(void)how;
	/* of the 36 characters three say as much as all */
	if (all->listed++ % 12 == 0 && all->stock->count < STOCK)
		strcpy(all->stock->keys[all->stock->count++], key);
}

START_TEST(all_places_of_every_length)
{
	struct dice d = { 5 };
	struct err e = { 0 };

	for (size_t len = NEIGHBOUR_LEAST; len <= 20; len++) {
		struct stock *stock = talloc_zero(house.mem, struct stock);
		struct near_names *near = near_names_new(stock);
		struct row_of_all all = { stock, len };
		char issuer[32], key[KEY_MOST + 1];
		size_t count;

		dice_key(key, len, "0123456789", &d);
		neighbours_of(key, true, keep, &all);
		drop_twins(stock);
		snprintf(issuer, sizeof issuer, "issuer-%zu", len);
		stock_write(stock, "demo", issuer);
		near_names_ask(near, issuer, key);
		ck_assert_msg(near_names_find(near, house.matcher.db, "demo", &e), "%s", e.text);
		near_names_of(near, 0, &count);
		ck_assert_uint_eq(count, brute_force(stock, key));
		ck_assert_uint_gt(count, stock->count - 2); /* all but perhaps itself */
		talloc_free(stock);
	}
}
END_TEST

START_TEST(nobody_elses)
{
	struct stock *stock = talloc_zero(house.mem, struct stock);
	struct near_names *near = near_names_new(stock);
	struct err e = { 0 };
	size_t count;

	strcpy(stock->keys[stock->count++], "12345678");
	stock_write(stock, "demo", "south");
	stock_write(stock, "else", "north");
	near_names_ask(near, "north", "12345687");
	near_names_ask(near, "south", "1234");
	near_names_ask(near, "south", "");
	near_names_ask(near, "south", "12345687");
	ck_assert_msg(near_names_find(near, house.matcher.db, "demo", &e), "%s", e.text);
	near_names_of(near, 0, &count);
	ck_assert_uint_eq(count, 0);
	near_names_of(near, 1, &count);
	ck_assert_uint_eq(count, 0);
	near_names_of(near, 2, &count);
	ck_assert_uint_eq(count, 0);
	ck_assert_str_eq(near_names_of(near, 3, &count)->key, "12345678");
	ck_assert_uint_eq(count, 1);
	ck_assert_int_eq((int)near->items->how, (int)NEIGHBOUR_SWAPPED);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("near_names");
	TCase *tc = tcase_create("near_names");
	SRunner *runner;
	int failed;

	house_build();
	tcase_add_checked_fixture(tc, house_open, house_close);
	tcase_add_test(tc, all_of_short_keys);
	tcase_add_test(tc, all_of_keys_as_they_are);
	tcase_add_test(tc, all_with_letters);
	tcase_add_test(tc, all_of_the_longest);
	tcase_add_test(tc, all_places_of_every_length);
	tcase_add_test(tc, nobody_elses);
	tcase_set_timeout(tc, 120);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	house_leave();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
