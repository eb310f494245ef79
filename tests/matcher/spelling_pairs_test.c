/*
 * spelling_pairs_test.c -- a document's spelling beside a contract's number, by the class of what was done to it: as many of each
 * class, and beside each a near miss, the same thing done to a number that the stock does not have. Each pair is decided by the
 * number alone and with the holder's name and birth date (the near miss: with those of its own holder); and once more with the holder
 * after a person had filed one such document. One line a class.
 *
 * normalizers/spelling_pairs_test compares two numbers without any stock.
 */
#include "matcher/evaluate.h"

#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define OF_CLASS 60 /* pairs of one contract, and as many near misses */
#define HOUSES   4
#define NUMBER   64
#define TEXT     256
#define DAY      24
#define STEP     7919 /* between two contracts of a class; their neighbours are in the stock, too */

/* # running digit, @ a letter that follows from it, the rest as it stands. */
struct house {
	const char *vu, *line, *system, *printed;
};

struct made {
	const struct house *house;
	uint64_t running;
	char number[NUMBER], printed[NUMBER], old[NUMBER];
};

struct class
{
	const char *name;
	const struct house *houses[HOUSES];
	void (*spell)(char out[TEXT], const struct made *made, unsigned i);
	void (*near)(struct made *other,
		     unsigned i); /* NULL: a neighbour, or two digits changed over */
	const char *delivered_vu; /* NULL: the house's own */
	bool old, bundle;
	bool by_person; /* a part is missing or too much and no rule says so: never filed unless a person said it once */
};

static TALLOC_CTX *mem;
static struct insurers *insurers;

/* ---- numbers ---- */

static void write_form(char out[NUMBER], const char *form, uint64_t running)
{
	uint64_t left = running;

	strcpy(out, form);
	for (size_t i = strlen(form); i-- > 0;) {
		if (form[i] == '#') {
			out[i] = (char)('0' + left % 10);
			left /= 10;
		} else if (form[i] == '@') {
			out[i] = "ABCEFHJKMNPRTUVWXY"[running % 18];
		}
	}
}

static struct made make(const struct house *house, uint64_t running)
{
	struct made made = { .house = house, .running = running };

	write_form(made.number, house->system, running);
	write_form(made.printed, house->printed, running);
	snprintf(made.old, sizeof made.old, "KR%07u", (unsigned)(running % 9000000) + 1000000);
	return made;
}

static uint64_t running_of(unsigned i)
{
	return 23405017 + (uint64_t)i * STEP;
}

/* ---- what is done to them ---- */

static void group(char out[TEXT], const char *number, unsigned i)
{
	char separator = " -./_"[i % 5];
	size_t every = 2 + i % 3;

	for (size_t k = 0; number[k]; k++) {
		if (k && k % every == 0)
			*out++ = separator;
		*out++ = number[k];
	}
	*out = '\0';
}

static void separators(char out[TEXT], const struct made *m, unsigned i)
{
	group(out, m->number, i);
}

static void small_letters(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	for (const char *c = m->printed; *c; c++)
		*out++ = (char)tolower((unsigned char)*c);
	*out = '\0';
}

static void wide_digits(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	for (const char *c = m->number; *c; c++)
		if (isdigit((unsigned char)*c))
			out += sprintf(out, "\xef\xbc%c", 0x90 + (*c - '0'));
		else
			*out++ = *c;
	*out = '\0';
}

static void padding(char out[TEXT], const struct made *m, unsigned i)
{
	snprintf(out, TEXT, i % 2 ? "%17s" : "%-17s", m->number);
}

static void label(char out[TEXT], const struct made *m, unsigned i)
{
	static const char *const labels[] = { "Vers.-Nr. ", "VSNR: ", "Versicherungsschein-Nr.: ",
					      "Vertragsnummer ", "Police Nr. " };

	snprintf(out, TEXT, "%s%s", labels[i % 5], m->printed);
}

static void zeros_off(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	strcpy(out, m->number + strspn(m->number, "0"));
}

static void zeros_on(char out[TEXT], const struct made *m, unsigned i)
{
	snprintf(out, TEXT, "%.*s%s", 1 + (int)(i % 4), "0000", m->number);
}

/* The letters in front. */
static void letters_off(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	strcpy(out, m->number + strcspn(m->number, "0123456789"));
}

/* The two digits in front, by which the house tells its lines. */
static void line_code_off(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	strcpy(out, m->number + 2);
}

static void name_on(char out[TEXT], const struct made *m, unsigned i)
{
	static const char *const names[] = { "VSE/", "HUK ", "RUV ", "LVM-" };

	(void)i;
	for (int k = 0; k < 4; k++)
		if (!strcmp(m->house->vu, (const char *[]){ "5343", "5375", "5438", "5402" }[k]))
			snprintf(out, TEXT, "%s%s", names[k], m->printed);
}

static void tail_on(char out[TEXT], const struct made *m, unsigned i)
{
	snprintf(out, TEXT, "%s/%02u", m->printed, 1 + i % 9);
}

static void check_off(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	snprintf(out, TEXT, "%.*s", (int)strlen(m->number) - 1, m->number);
}

static void look_alike(char out[TEXT], const struct made *m, unsigned i)
{
	static const char digits[] = "015826", letters[] = "OISBZG";
	size_t len = strlen(m->number);

	strcpy(out, m->number);
	for (size_t k = 0; k < len; k++) {
		char *c = &out[(len - 1 + i + k) % len];
		const char *found = strchr(digits, *c);

		if (!found)
			continue;
		*c = letters[found - digits];
		return;
	}
}

static void old_number(char out[TEXT], const struct made *m, unsigned i)
{
	group(out, m->old, i);
}

static void as_printed(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	strcpy(out, m->printed);
}

/* What the number was before the house renumbered by rule. */
static void by_rule(char out[TEXT], const struct made *m, unsigned i)
{
	(void)i;
	strcpy(out, m->number);
	memcpy(out + 3, "500", 3);
}

/* ---- near misses of a class's own ---- */

static void other_letters(struct made *m, unsigned i)
{
	m->number[0] = m->printed[0] = (char)('B' + i % 20);
}

static void other_line_code(struct made *m, unsigned i)
{
	m->number[1] = m->printed[1] = (char)('0' + (m->number[1] - '0' + 1 + i % 8) % 10);
}

static void other_check(struct made *m, unsigned i)
{
	char *last = &m->number[strlen(m->number) - 1];

	(void)i;
	*last = isdigit((unsigned char)*last) ? (char)('0' + (*last - '0' + 1) % 10)
					      : (char)(*last == 'Y' ? 'A' : *last + 1);
}

static void zero_out(struct made *m, unsigned i)
{
	char *at = strrchr(m->number, '0');

	(void)i;
	if (at && at > m->number + strspn(m->number, "0"))
		memmove(at, at + 1, strlen(at));
}

/* ---- the classes ---- */

/* The last six have no picture. */
static const struct house allianz = { "5312", "050", "AS##########", "AS-##########" },
			  adac = { "5135", "050", "AD##########", "AD-##########" },
			  wgv = { "5525", "050", "V00#########", "V 00 ### ###/###" },
			  huk = { "5375", "050", "#########@", "###/######-@" },
			  ruv = { "5438", "140", "48#########", "48/###.###.###" },
			  ruv_accident = { "5438", "030", "10#########", "10 ### ### ###" },
			  condor = { "5438", "050", "74#########", "74 ### ### ###" },
			  lvm = { "5402", "050", "#########", "##.###.###.#" },
			  da = { "5343", "050", "#########", "###.###.###" },
			  interlloyd = { "5057", "130", "000######", "### ### ###" },
			  sparkasse = { "5051", "050", "############", "###########-#" },
			  helvetia = { "1137", "010", "199510########", "199 510 ########" },
			  bare_sv = { "5472", "140", "SV#########", "SV ###.###.###" },
			  bare_lv = { "5342", "040", "LV#########", "LV.### ### ###" },
			  bare_9 = { "5085", "050", "#########", "### ### ###" },
			  zeros_2 = { "5515", "040", "00########", "########" },
			  zeros_3 = { "4095", "020", "000#########", "#########" },
			  longer = { "5582", "140", "RS########", "RS########/456.1" };

#define CLASS(called, how, ...) .name = called, .spell = how, .houses = { __VA_ARGS__ }

static const struct class classes[] = {
	{ CLASS("separators", separators, &allianz, &huk, &ruv, &bare_sv) },
	{ CLASS("lower case", small_letters, &allianz, &huk, &bare_sv) },
	{ CLASS("full-width digits", wide_digits, &ruv, &huk, &bare_sv) },
	{ CLASS("blanks up to 17", padding, &ruv, &lvm, &zeros_2) },
	{ CLASS("label in front", label, &allianz, &ruv, &lvm, &bare_sv) },
	{ CLASS("zeros lost, a picture says so", zeros_off, &interlloyd), .near = zero_out },
	{ CLASS("zeros lost", zeros_off, &zeros_2, &zeros_3), .near = zero_out },
	{ CLASS("zeros in front", zeros_on, &lvm, &bare_9) },
	{ CLASS("letters left out, a picture says so", letters_off, &allianz, &adac, &wgv) },
	{ CLASS("letters left out", letters_off, &bare_sv, &bare_lv), .near = other_letters,
	  .by_person = true },
	{ CLASS("line code left out", line_code_off, &ruv, &ruv_accident),
	  .near = other_line_code },
	{ CLASS("house's name in front", name_on, &da, &huk, &ruv, &lvm) },
	{ CLASS("part behind, a picture says so", tail_on, &da) },
	{ CLASS("part behind", tail_on, &ruv, &bare_sv, &lvm), .by_person = true },
	{ CLASS("check character left out", check_off, &huk, &sparkasse), .near = other_check,
	  .by_person = true },
	{ CLASS("letter for a digit", look_alike, &allianz, &ruv, &lvm, &bare_sv) },
	{ CLASS("old number of the stock", old_number, &allianz, &bare_sv, &lvm), .old = true },
	{ CLASS("renumbered by rule", by_rule, &helvetia) },
	{ CLASS("printed with more than the system has", as_printed, &longer) },
	{ CLASS("number kept at the successor", separators, &condor), .near = other_line_code,
	  .delivered_vu = "5339" },
	{ CLASS("one number of two lines", separators, &ruv, &bare_sv), .bundle = true },
};
#define CLASSES (sizeof classes / sizeof *classes)

/* ---- the stock of a class ---- */

static const struct house *house_of(const struct class *class, unsigned i)
{
	unsigned count = 0;

	while (count < HOUSES && class->houses[count])
		count++;
	return class->houses[i % count];
}

static void add(struct memory_stock *stock, const struct class *class, const struct made *made,
		const char *id, unsigned holder, const char *line)
{
	enum name_origin origin = NAME_FORMER;
	char *old = (char *)made->old;
	struct contract c = {
		.contract_id = (char *)id,
		.vu = (char *)made->house->vu,
		.number = (char *)made->number,
		.printed_number = (char *)made->printed,
		.line = (char *)line,
		.customer_id = (char *)id,
		.name = talloc_asprintf(mem, "Pfützenreuter%u", holder),
		.first_name = (char *)"Ilse",
		.birth_date = talloc_asprintf(mem, "19%02u-%02u-%02u", 30 + holder % 60,
					      1 + holder % 12, 1 + holder % 27),
	};

	if (class->old) {
		c.other_numbers = &old;
		c.other_origins = &origin;
		c.other_count = 1;
	}
	memory_stock_add(stock, &c, STOCK_GDV);
}

/* Each contract between two neighbours of other people; the near miss is the number between. */
static struct memory_stock *stock_of(const struct class *class)
{
	struct memory_stock *stock = memory_stock_new(insurers, mem);

	for (unsigned i = 0; i < OF_CLASS; i++) {
		const struct house *house = house_of(class, i);
		struct made made = make(house, running_of(i));
		struct made before = make(house, made.running - 1);
		struct made after = make(house, made.running + 2);

		add(stock, class, &made, talloc_asprintf(mem, "X%u", i), i, house->line);
		add(stock, class, &before, talloc_asprintf(mem, "B%u", i), 300 + i, house->line);
		add(stock, class, &after, talloc_asprintf(mem, "A%u", i), 600 + i, house->line);
		if (class->bundle)
			add(stock, class, &made, talloc_asprintf(mem, "L%u", i), i, "040");
	}
	return stock;
}

/* Two digits of the running number changed over; as it is where they are alike. */
static uint64_t changed_over(uint64_t running)
{
	uint64_t tens = running / 10 % 10, hundreds = running / 100 % 10;

	return running + (hundreds - tens) * 10 + (tens - hundreds) * 100;
}

static struct made near_miss(const struct class *class, unsigned i)
{
	const struct made made = make(house_of(class, i), running_of(i));
	struct made other = made;

	if (class->near && i % 2)
		class->near(&other, i);
	else if (i % 3 == 0 && !class->old)
		other = make(made.house, changed_over(made.running));
	if (!strcmp(other.number, made.number))
		other = make(made.house, made.running + 1);
	return other;
}

/* ---- deciding ---- */

struct paper {
	struct labelled labelled;
	char number[TEXT], path[1], name[64], born[DAY];
};

/* holder negative: the document names nobody. From 900 on they are people whom the stock does not know. */
static void write_paper(struct paper *p, const struct class *class, const struct made *made,
			unsigned i, int holder)
{
	struct labelled *l = &p->labelled;
	const char *vu = class->delivered_vu ? class->delivered_vu : made->house->vu;

	*p = (struct paper){ .labelled = { .document_id = (char *)"D" } };
	class->spell(p->number, made, i);
	l->document.size = 1;
	l->document.created = (char *)(class->delivered_vu ? "2024-03-03" : "2025-03-03");
	l->shipment.id = (char *)"S";
	l->numbers[0] = (struct number){ NUMBER_POLICY, p->number, p->path };
	l->transfer = (struct transfer){ .documents = &l->document,
					 .document_count = 1,
					 .numbers = l->numbers,
					 .number_count = 1,
					 .insurer_vu = (char *)vu,
					 .line = (char *)made->house->line };
	if (holder < 0)
		return;
	snprintf(p->name, sizeof p->name, "Pfützenreuter%d", holder);
	snprintf(p->born, sizeof p->born, "19%02u-%02u-%02u", 30 + (unsigned)holder % 60,
		 1 + (unsigned)holder % 12, 1 + (unsigned)holder % 27);
	l->transfer.party.surname = p->name;
	l->transfer.party.first_name = (char *)(holder < 900 ? "Ilse" : "Kunibert");
	l->transfer.party.birth_date = p->born;
}

/* The contract to which the document comes, NULL: none. */
static const char *decided(struct evaluation *ev, struct paper *p)
{
	const struct verdict *verdict = evaluate(ev, &p->labelled, mem);

	return verdict->filed ? verdict->contract_id : NULL;
}

struct sum {
	int alone, named, confirmed, wrong;
};

static void judge_miss(struct sum *sum, struct evaluation *ev, const struct class *class,
		       unsigned i, int holder)
{
	const struct made other = near_miss(class, i);
	struct paper paper;
	const char *found;

	write_paper(&paper, class, &other, i, holder);
	if ((found = decided(ev, &paper)) != NULL) {
		fprintf(stderr, "%s: \"%s\" came to %s\n", class->name, paper.number, found);
		sum->wrong++;
	}
}

static void judge(struct sum *sum, struct evaluation *ev, const struct class *class, unsigned i)
{
	const struct made made = make(house_of(class, i), running_of(i));
	char *right = talloc_asprintf(mem, "X%u", i);
	int *const counts[] = { &sum->alone, &sum->named, &sum->confirmed };

	for (int way = 0; way < 3; way++) {
		struct paper paper;
		const char *found;

		write_paper(&paper, class, &made, i, way ? (int)i : -1);
		paper.labelled.truth = right;
		if (way == 2)
			evaluate_before(ev, &paper.labelled);
		found = decided(ev, &paper);
		*counts[way] += found && !strcmp(found, right);
		sum->wrong += found && strcmp(found, right) != 0;
		judge_miss(sum, ev, class, i, way ? 900 + (int)i : -1);
	}
}

static struct sum class_told(const struct class *class)
{
	struct evaluation *ev = evaluation_new(stock_of(class), insurers, false, mem);
	const double all = OF_CLASS;
	struct sum sum = { 0 };

	for (unsigned i = 0; i < OF_CLASS; i++)
		judge(&sum, ev, class, i);
	printf("%-38s %d pairs, recall %.3f, with the holder %.3f, confirmed once %.3f; %d near misses, %d wrong joins\n",
	       class->name, OF_CLASS, sum.alone / all, sum.named / all, sum.confirmed / all,
	       OF_CLASS, sum.wrong);
	return sum;
}

START_TEST(every_class_of_spelling)
{
	const double of_all = CLASSES * OF_CLASS;
	struct sum all = { 0 };
	int ours = 0, by_ours = 0;

	for (size_t k = 0; k < CLASSES; k++) {
		struct sum sum = class_told(&classes[k]);

		all.alone += sum.alone;
		all.named += sum.named;
		all.confirmed += sum.confirmed;
		all.wrong += sum.wrong;
		ours += classes[k].by_person ? 0 : OF_CLASS;
		by_ours += classes[k].by_person ? 0 : sum.named;
		if (classes[k].by_person)
			ck_assert_int_eq(sum.named, 0);
	}
	printf("all %zu classes: recall %.3f, with the holder %.3f, confirmed once %.3f; without those that only a person joins %.3f with the holder; %d wrong joins\n",
	       CLASSES, all.alone / of_all, all.named / of_all, all.confirmed / of_all,
	       (double)by_ours / ours, all.wrong);
	fflush(stdout);
	ck_assert_int_eq(all.wrong, 0);
	ck_assert_int_ge(by_ours * 100, ours * 95);
	ck_assert(all.confirmed >= of_all * 0.95);
}
END_TEST

static void setup(void)
{
	char *folder = SOURCE_DIR "/insurers";
	struct err e = { 0 };

	mem = talloc_new(NULL);
	insurers = insurers_load(&folder, 1, mem, &e);
	ck_assert_msg(insurers != NULL, "%s", e.text);
}

static void teardown(void)
{
	talloc_free(mem);
}

int main(void)
{
	Suite *suite = suite_create("matcher/spelling_pairs");
	TCase *tc = tcase_create("spelling_pairs");
	SRunner *runner;
	int failed;

	tcase_add_checked_fixture(tc, setup, teardown);
	tcase_set_timeout(tc, 120);
	tcase_add_test(tc, every_class_of_spelling);
	suite_add_tcase(suite, tc);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
