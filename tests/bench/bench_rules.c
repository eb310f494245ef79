/*
 * bench_rules.c -- one rule over labelled documents and a stock in PostgreSQL, one document after the other. Prints
 *	FILED RIGHT WRONG_CUSTOMER WRONG_CONTRACT BELONGING DOCUMENTS SECONDS
 * belonging: documents whose contract is in the stock. Only the rule's own time is counted.
 *
 *   bench_rules vorpost CONNINFO DOCUMENTS INSURERS
 *   bench_rules FILE.sql CONNINFO DOCUMENTS    $1 VU, $2 number -> contract_id; filed if it is one row
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/text.h"
#include "matcher/decide_all.h"
#include "matcher/labelled.h"
#include "matcher/stock_index.h"
#include "matcher/terms.h"
#include "store/pg.h"

#define BROKER "bench"

struct rules {
	TALLOC_CTX *mem;
	PGconn *side;
	struct stock_index *customers; /* contract_id -> its customer's id, "" if unknown */
	struct insurers *insurers;     /* NULL: a rule in SQL */
	struct matcher matcher;
	struct weighing weighing;
	uint64_t filed, right, wrong_customer, wrong_contract, belonging, documents;
	double seconds;
};

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "bench_rules: %s\n", what);
	exit(70);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static PGresult *asked(PGresult *result, PGconn *side)
{
	if (PQresultStatus(result) != PGRES_TUPLES_OK && PQresultStatus(result) != PGRES_COMMAND_OK)
		fail(PQerrorMessage(side));
	return result;
}

static void customers_load(struct rules *r)
{
	PGresult *all = asked(
		PQexec(r->side, "select contract_id, coalesce(customer_id, '') from contract"),
		r->side);

	r->customers = stock_index_new(r->mem);
	for (int i = 0; i < PQntuples(all); i++)
		*stock_index_at(r->customers, PQgetvalue(all, i, 0)) =
			talloc_strdup(r->mem, PQgetvalue(all, i, 1));
	PQclear(all);
}

static char *file_read(const char *path, TALLOC_CTX *mem)
{
	FILE *file = fopen(path, "re");
	char *text = talloc_zero_array(mem, char, 10000);

	if (!file || !fread(text, 1, 9999, file))
		fail(path);
	fclose(file);
	return text;
}

/* The contract to which the rule files; NULL: none, or several. */
static char *file_by_sql(struct rules *r, const struct labelled *l, TALLOC_CTX *mem)
{
	const bool number = l->transfer.number_count && l->numbers[0].kind == NUMBER_POLICY;
	const char *values[] = { l->transfer.insurer_vu ? l->transfer.insurer_vu : "",
				 number ? l->numbers[0].value : "" };
	PGresult *found;
	char *contract = NULL;

	if (!number)
		return NULL;
	found = asked(PQexecPrepared(r->side, "rule", 2, values, NULL, NULL, 0), r->side);
	if (PQntuples(found) == 1)
		contract = talloc_strdup(mem, PQgetvalue(found, 0, 0));
	PQclear(found);
	return contract;
}

static char *file_by_vorpost(struct rules *r, const struct labelled *l, TALLOC_CTX *mem)
{
	const struct facts_setting setting = { .insurers = r->insurers, .weighing = &r->weighing };
	const struct facts *facts = facts_of_transfer(&setting, &l->shipment, &l->transfer, mem);
	struct stock_source stock = stock_of_database(&r->matcher);
	struct verdict *verdict;
	struct err e = { 0 };

	if (!decide_all(&verdict, &facts, 1, &stock, r->insurers, mem, &e))
		fail(e.text);
	return verdict->filed ? verdict->contract_id : NULL;
}

static void judge(struct rules *r, const char *truth, const char *filed)
{
	const char *meant = truth ? stock_index_get(r->customers, truth) : NULL;
	const char *got = filed ? stock_index_get(r->customers, filed) : NULL;

	r->documents++;
	r->belonging += meant != NULL;
	r->filed += filed != NULL;
	if (!filed)
		return;
	if (text_equal(truth, filed))
		r->right++;
	else if (!text_empty(meant) && text_equal(meant, got))
		r->wrong_contract++;
	else
		r->wrong_customer++;
}

static bool take_document(void *self, const struct labelled *l, struct err *e)
{
	struct rules *r = self;
	TALLOC_CTX *mem = talloc_new(NULL);
	double began = now();
	char *filed = r->insurers ? file_by_vorpost(r, l, mem) : file_by_sql(r, l, mem);

	(void)e;
	r->seconds += now() - began;
	judge(r, l->truth, filed);
	talloc_free(mem);
	return true;
}

static void problem(void *self, uint64_t row, bool skipped, const char *sentence)
{
	(void)self;
	if (skipped)
		fprintf(stderr, "row %" PRIu64 ": %s\n", row, sentence);
}

static void vorpost_open(struct rules *r, const char *conninfo, char *folder)
{
	struct err e = { 0 };

	r->insurers = insurers_load(&folder, 1, r->mem, &e);
	r->matcher = (struct matcher){ .db = db_open(conninfo, r->mem, &e),
				       .insurers = r->insurers,
				       .broker = BROKER };
	if (!r->insurers || !r->matcher.db)
		fail(e.text);
	r->weighing = weighing_usual;
	if (!(r->weighing.terms = terms_load(r->matcher.db, BROKER, r->mem, &e)))
		fail(e.text);
}

int main(int argc, char **argv)
{
	struct rules r = { .mem = talloc_new(NULL) };
	const struct labelled_sink sink = { &r, take_document, problem };
	struct err e = { 0 };
	FILE *documents;

	if (argc != 4 && argc != 5)
		fail("see the head of bench_rules.c");
	if (!(r.side = pg_connect(argv[2], &e)))
		fail(e.text);
	customers_load(&r);
	if (argc == 5)
		vorpost_open(&r, argv[2], argv[4]);
	else
		PQclear(asked(PQprepare(r.side, "rule", file_read(argv[1], r.mem), 0, NULL),
			      r.side));
	documents = fopen(argv[3], "re");
	if (!documents)
		fail(argv[3]);
	if (!labelled_read(documents, &sink, &e))
		fail(e.text);
	printf("%" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 " %.3f\n",
	       r.filed, r.right, r.wrong_customer, r.wrong_contract, r.belonging, r.documents,
	       r.seconds);
	return 0;
}
