/*
 * bench_match.c -- the sides of ./run bench match. Each prints "DONE SECONDS": numbers or documents, and how long.
 *
 *   bench_match key vorpost|pictures|pcre2 SECONDS
 *   bench_match decide vorpost|waiting|bare|joined SECONDS SEED CONNINFO STOCK INSURERS
 *   bench_match near vorpost|trgm SECONDS SEED CONNINFO STOCK INSURERS
 *   bench_match recall QUERIES SEED CONNINFO STOCK INSURERS     ends with 70 if a contract at distance one was not found
 *   bench_match single COUNT CONNINFO INSURERS                  queued documents decided one by one
 *
 * The stock is that of match_stock.sql: contract i of the bench has the number that number_of makes.
 */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#include "base/clock.h"
#include "fixtures/random.h"
#include "matcher/decide_all.h"
#include "matcher/nearby.h"
#include "matcher/rematch.h"
#include "store/pg.h"

#define BATCH   200
#define BROKER  "bench"
#define NUMBERS 8

struct bench {
	TALLOC_CTX *mem;
	struct insurers *insurers;
	struct matcher matcher;
	PGconn *side;
	struct random r;
	uint64_t stock;
	double seconds;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "bench_match: %s\n", what);
	exit(70);
}

static double now(void)
{
	return (double)clock_monotonic_ms() / 1000;
}

/* ---- spelling to key ---- */

/* Of the processor, not of the wall: nothing here waits for anybody. */
static double cpu(void)
{
	return (double)clock() / CLOCKS_PER_SEC;
}

static const char *const spellings[NUMBERS] = { "AS-9123456789",     "as 9123 456 789",
						"  30/123.456.789",  "123/456789-X",
						"2-GK-12.345.678-9", "00.123.456.7",
						"V 12 345 678/901",  "LJ-12345 678-001" };
static const char *const plain[NUMBERS] = { "AS9123456789", "AS9123456789", "30123456789",
					    "123456789X",   "2GK123456789", "001234567",
					    "V12345678901", "LJ12345678001" };

/* The reading is made once, as PCRE2's match data are: the hardened build would clear a new one each time. */
static void key_ours(struct reading *reading, const struct insurer *issuer, char out[64],
		     const char *spelling, size_t len)
{
	key_read(reading, issuer, NULL, spelling, len);
	strcpy(out, reading->clean.text);
}

struct fold {
	pcre2_code *code;
	pcre2_match_data *data;
	pcre2_match_context *context;
};

static struct fold fold_make(void)
{
	int error;
	PCRE2_SIZE at;
	struct fold f = { pcre2_compile((PCRE2_SPTR) "[^A-Za-z0-9]+", PCRE2_ZERO_TERMINATED, 0,
					&error, &at, NULL),
			  NULL, NULL };

	if (!f.code || pcre2_jit_compile(f.code, PCRE2_JIT_COMPLETE) != 0)
		fail("PCRE2 has no JIT here");
	f.data = pcre2_match_data_create_from_pattern(f.code, NULL);
	f.context = pcre2_match_context_create(NULL);
	return f;
}

static void key_pcre2(const struct fold *f, char out[64], const char *spelling, size_t len)
{
	PCRE2_SIZE size = 64;

	if (pcre2_substitute(f->code, (PCRE2_SPTR)spelling, len, 0, PCRE2_SUBSTITUTE_GLOBAL,
			     f->data, f->context, (PCRE2_SPTR) "", 0, (PCRE2_UCHAR *)out,
			     &size) < 0)
		fail("PCRE2 did not substitute");
	for (char *c = out; *c; c++)
		*c = (char)(*c >= 'a' && *c <= 'z' ? *c - 32 : *c);
}

static int part_key(const char *side, double seconds, const char *folder)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct err e = { 0 };
	char *folders[] = { (char *)folder };
	struct insurers *all = insurers_load(folders, 1, mem, &e);
	const struct insurer *issuers[NUMBERS] = { NULL };
	static const char *const vus[NUMBERS] = { "5312", "5312", "5438", "5375",
						  "5210", "5402", "5525", "5401" };
	struct fold fold = fold_make();
	struct reading reading;
	uint64_t done = 0;
	double began;
	char out[64];

	if (!all)
		fail(e.text);
	for (int i = 0; i < NUMBERS && !strcmp(side, "pictures"); i++)
		issuers[i] = insurers_find(all, vus[i]);
	began = cpu();
	while (cpu() - began < seconds)
		for (int k = 0; k < 4000; k++, done += NUMBERS)
			for (int i = 0; i < NUMBERS; i++) {
				size_t len = strlen(spellings[i]);

				if (*side == 'p' && side[1] == 'c')
					key_pcre2(&fold, out, spellings[i], len);
				else
					key_ours(&reading, issuers[i], out, spellings[i], len);
				if (k == 0 && strcmp(out, plain[i]) != 0)
					fail(spellings[i]);
			}
	printf("%" PRIu64 " %.4f\n", done, cpu() - began);
	return 0;
}

/* ---- the stock ---- */

/* As match_stock.sql has it: runs of ten, ten issuers. */
static const char *number_of(uint64_t i, char vu[8], TALLOC_CTX *mem)
{
	uint64_t run = i / 10, digits = run * 982451653 % 1000000007 * 10 + i % 10;

	if (run % 10 == 0)
		strcpy(vu, "5312");
	else
		snprintf(vu, 8, "97%02u", (unsigned)(run % 10));
	return talloc_asprintf(mem, "%s%010" PRIu64, run % 10 == 0 ? "AS" : "", digits);
}

static const char *issuer_of(const char *vu, TALLOC_CTX *mem)
{
	return !strcmp(vu, "5312") ? "allianz" : talloc_asprintf(mem, "vu:%s", vu);
}

/* A document that names contract i and its holder. */
struct letter {
	struct shipment shipment;
	struct transfer transfer;
	struct number number;
	struct document document;
	char vu[8];
	uint64_t contract;
};

static struct letter *letter_make(uint64_t i, TALLOC_CTX *mem)
{
	struct letter *l = talloc_zero(mem, struct letter);

	l->contract = i;
	l->number = (struct number){ NUMBER_POLICY, (char *)number_of(i, l->vu, l), (char *)"" };
	l->transfer = (struct transfer){ .business_case = (char *)"120000000",
					 .line = (char *)"050",
					 .insurer_vu = l->vu,
					 .numbers = &l->number,
					 .number_count = 1,
					 .documents = &l->document,
					 .document_count = 1 };
	l->transfer.party.surname = talloc_asprintf(l, "Name%" PRIu64, i % 5000);
	l->document = (struct document){ .name = (char *)"a.pdf", .size = 100 };
	return l;
}

static void bench_open(struct bench *b, char **args)
{
	struct err e = { 0 };
	char *folders[] = { args[3] };

	b->mem = talloc_new(NULL);
	b->r.state = random_mix(strtoull(args[0], NULL, 10));
	b->stock = strtoull(args[2], NULL, 10);
	b->insurers = insurers_load(folders, 1, b->mem, &e);
	b->side = pg_connect(args[1], &e);
	b->matcher = (struct matcher){ .db = db_open(args[1], b->mem, &e),
				       .insurers = b->insurers,
				       .broker = BROKER };
	if (!b->insurers || !b->side || !b->matcher.db)
		fail(e.text);
}

static PGresult *ask(struct bench *b, const char *name, int count, const char *const *values)
{
	PGresult *result = PQexecPrepared(b->side, name, count, values, NULL, NULL, 0);

	if (PQresultStatus(result) != PGRES_TUPLES_OK)
		fail(PQerrorMessage(b->side));
	return result;
}

static void prepare(struct bench *b, const char *name, const char *text)
{
	PGresult *result = PQprepare(b->side, name, text, 0, NULL);

	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail(PQerrorMessage(b->side));
	PQclear(result);
}

/* ---- decisions ---- */

/* waiting: with a part behind the number, so that the contract is only suggested, by what lies beyond the number as written. */
static void decide_ours(struct bench *b, struct letter *const *letters, bool waiting,
			TALLOC_CTX *mem)
{
	const struct facts *facts[BATCH];
	struct verdict *verdicts[BATCH];
	const struct facts_setting setting = { .insurers = b->insurers, .received = "2025-03-03" };
	struct stock_source stock = stock_of_database(&b->matcher);
	struct err e = { 0 };
	char id[32];

	for (int i = 0; i < BATCH; i++)
		facts[i] = facts_of_transfer(&setting, &letters[i]->shipment, &letters[i]->transfer,
					     mem);
	if (!decide_all(verdicts, facts, BATCH, &stock, b->insurers, mem, &e))
		fail(e.text);
	for (int i = 0; i < BATCH; i++) {
		snprintf(id, sizeof id, "C%" PRIu64, letters[i]->contract);
		if (verdicts[i]->filed ? strcmp(verdicts[i]->contract_id, id) != 0
				       : !waiting || !verdicts[i]->candidate_count ||
						 strcmp(verdicts[i]->candidates[0], id) != 0)
			fail("a document did not come to its contract");
	}
}

/* The keys are ready, and each is one insurer's. */
static void decide_bare(struct bench *b, struct letter *const *letters, const char *name,
			TALLOC_CTX *mem)
{
	const char *keys[BATCH];
	const char *values[2] = { BROKER, NULL };
	PGresult *result;

	for (int i = 0; i < BATCH; i++)
		keys[i] = letters[i]->number.value;
	values[1] = text_array(keys, BATCH, mem);
	result = ask(b, name, 2, values);
	if (PQntuples(result) != BATCH)
		fail("a look-up did not find what is there");
	for (int i = 0; i < BATCH; i++)
		if (!*PQgetvalue(result, i, 1))
			fail("a look-up found nothing");
	PQclear(result);
}

/* From all over the stock, each once. */
static void letters_draw(struct bench *b, struct letter **letters, TALLOC_CTX *mem)
{
	uint64_t part = b->stock / BATCH;

	for (int i = 0; i < BATCH; i++)
		letters[i] = letter_make(1 + (uint64_t)i * part + random_below(&b->r, part), mem);
}

static int part_decide(struct bench *b, const char *side)
{
	const bool waiting = !strcmp(side, "waiting");
	struct letter *letters[BATCH];
	uint64_t done = 0;
	double spent = 0, began;

	prepare(b, "bare",
		"select key, contract_id from contract_name where broker = $1 and key collate \"C\" = any ($2::text[])");
	prepare(b, "joined",
		"select n.key, n.contract_id, n.origin, k.vu, k.line, k.ends_on, k.cancelled, k.customer_id, k.name,"
		" k.first_name, k.birth_date, k.postcode, k.plate from contract_name n join contract k on"
		" k.broker = n.broker and k.contract_id = n.contract_id where n.broker = $1 and"
		" n.key collate \"C\" = any ($2::text[])");
	for (int round = 0; round < 10 || spent < b->seconds; round++) {
		TALLOC_CTX *mem = talloc_new(b->mem);

		letters_draw(b, letters, mem);
		for (int i = 0; waiting && i < BATCH; i++)
			letters[i]->number.value =
				talloc_asprintf(mem, "%s/2025", letters[i]->number.value);
		began = now();
		if (waiting || !strcmp(side, "vorpost"))
			decide_ours(b, letters, waiting, mem);
		else
			decide_bare(b, letters, side, mem);
		if (round >= 10) { /* the first ones plan */
			spent += now() - began;
			done += BATCH;
		}
		talloc_free(mem);
	}
	printf("%" PRIu64 " %.4f\n", done, spent);
	return 0;
}

/* ---- distance one ---- */

/* A number with one slip; it may be a neighbour's by chance. */
static char *slipped(struct bench *b, const char *number, TALLOC_CTX *mem)
{
	char *out = talloc_strdup(mem, number);
	size_t len = strlen(out), at = random_below(&b->r, len - 1);
	char was = out[at];

	switch (random_below(&b->r, 4)) {
	case 0:
		out[at] = out[at + 1];
		out[at + 1] = was;
		break;
	case 1:
		memmove(out + at, out + at + 1, len - at);
		break;
	case 2:
		out = talloc_asprintf(mem, "%.*s7%s", (int)at, number, number + at);
		break;
	default:
		out[at] = (char)('0' + (was - '0' + 3 + 10) % 10);
	}
	return out;
}

/* The names, then their contracts, as for documents that wait (matcher/decide_all.c). */
static struct candidates near_ours(struct bench *b, const char *const *issuers,
				   const char *const *keys, int count, TALLOC_CTX *mem)
{
	struct near_names *near = near_names_new(mem);
	struct wanted *wanted = wanted_new(mem);
	struct candidates found;
	struct err e = { 0 };

	for (int i = 0; i < count; i++)
		near_names_ask(near, issuers[i], keys[i]);
	if (!near_names_find(near, b->matcher.db, BROKER, &e))
		fail(e.text);
	for (size_t i = 0; i < near->count; i++)
		wanted_add(wanted, near->asks[near->items[i].ask].issuer, near->items[i].key,
			   BY_NAME);
	wanted_close(wanted);
	if (!candidates_find_nearby(&found, b->matcher.db, BROKER, wanted, mem, &e))
		fail(e.text);
	return found;
}

static int part_near(struct bench *b, const char *side)
{
	const bool ours = !strcmp(side, "vorpost");
	const int batch = ours ? BATCH : 1; /* as many as the queue is matched again by */
	uint64_t done = 0;
	double spent = 0, began;

	if (!ours) {
		PQclear(PQexec(b->side, "set pg_trgm.similarity_threshold = 0.4"));
		prepare(b, "trgm",
			"select contract_id from contract_name where broker = $1 and issuer = $2 and key % $3"
			" order by key <-> $3 limit 10");
	}
	for (int round = 0; round < 2 || spent < b->seconds; round++) {
		TALLOC_CTX *mem = talloc_new(b->mem);
		const char *keys[BATCH], *issuers[BATCH];

		for (int i = 0; i < batch; i++) {
			char vu[8];
			const char *number = number_of(1 + random_below(&b->r, b->stock), vu, mem);

			keys[i] = slipped(b, number, mem);
			issuers[i] = issuer_of(vu, mem);
		}
		began = now();
		if (ours)
			near_ours(b, issuers, keys, batch, mem);
		else
			PQclear(ask(b, "trgm", 3,
				    (const char *const[]){ BROKER, issuers[0], keys[0] }));
		if (round >= 2) {
			spent += now() - began;
			done += (uint64_t)batch;
		}
		talloc_free(mem);
	}
	printf("%" PRIu64 " %.4f\n", done, spent);
	return 0;
}

/* Brute force's eyes: one character more, less or other, or two neighbours changed over. */
static bool distance_one(const char *a, const char *b)
{
	size_t la = strlen(a), lb = strlen(b), at = 0;

	if (la > lb + 1 || lb > la + 1 || !strcmp(a, b))
		return false;
	while (a[at] && a[at] == b[at])
		at++;
	if (la == lb)
		return !strcmp(a + at + 1, b + at + 1) ||
		       (a[at] == b[at + 1] && a[at + 1] == b[at] && a[at + 1] &&
			!strcmp(a + at + 2, b + at + 2));
	return la > lb ? !strcmp(a + at + 1, b + at) : !strcmp(a + at, b + at + 1);
}

static bool found_has(const struct candidates *found, const char *contract_id)
{
	for (size_t i = 0; i < found->count; i++)
		if (!strcmp(found->rows[i].contract.contract_id, contract_id))
			return true;
	return false;
}

static int part_recall(struct bench *b, int queries)
{
	uint64_t near = 0, missed = 0;

	prepare(b, "all",
		"select key, contract_id from contract_name where broker = $1 and issuer = $2");
	for (int q = 0; q < queries; q++) {
		TALLOC_CTX *mem = talloc_new(b->mem);
		char vu[8];
		const char *key =
			slipped(b, number_of(1 + random_below(&b->r, b->stock), vu, mem), mem);
		const char *issuer = issuer_of(vu, mem);
		struct candidates found = near_ours(b, &issuer, &key, 1, mem);
		PGresult *all = ask(b, "all", 2, (const char *const[]){ BROKER, issuer });

		for (int i = 0; i < PQntuples(all); i++)
			if (distance_one(key, PQgetvalue(all, i, 0))) {
				near++;
				missed += !found_has(&found, PQgetvalue(all, i, 1));
			}
		PQclear(all);
		talloc_free(mem);
	}
	printf("%" PRIu64 " %" PRIu64 "\n", near, missed);
	return near && !missed ? 0 : 70;
}

/* ---- the queue, one by one ---- */

static int part_single(struct bench *b, const char *count)
{
	struct err e = { 0 };
	struct rows *rows;
	double began;
	int done;

	if (!db_call(b->matcher.db, SQL_match_batch, &rows, b->mem, &e, BROKER, NULL, count, NULL))
		fail(e.text);
	done = rows_count(rows);
	began = now();
	for (int i = 0; i < done; i++) {
		struct stored *stored = stored_read(rows, i, b->mem, &e);
		json_t *row = stored ? rematch_one(&b->matcher, stored, stored, &e) : NULL;

		if (!row)
			fail(e.text);
		json_decref(row);
		talloc_free(stored);
	}
	printf("%d %.4f\n", done, now() - began);
	return 0;
}

int main(int argc, char **argv)
{
	struct bench b = { 0 };

	if (argc == 5 && !strcmp(argv[1], "key"))
		return part_key(argv[2], strtod(argv[3], NULL), argv[4]);
	if (argc == 8 && !strcmp(argv[1], "decide")) {
		bench_open(&b, argv + 4);
		b.seconds = strtod(argv[3], NULL);
		return part_decide(&b, argv[2]);
	}
	if (argc == 8 && !strcmp(argv[1], "near")) {
		bench_open(&b, argv + 4);
		b.seconds = strtod(argv[3], NULL);
		return part_near(&b, argv[2]);
	}
	if (argc == 7 && !strcmp(argv[1], "recall")) {
		bench_open(&b, argv + 3);
		return part_recall(&b, atoi(argv[2]));
	}
	if (argc == 7 && !strcmp(argv[1], "single")) {
		bench_open(&b, argv + 3);
		return part_single(&b, argv[2]);
	}
	fail("see the head of bench_match.c");
}
