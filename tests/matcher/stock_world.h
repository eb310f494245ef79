/*
 * stock_world.h -- for tests of the stock: a pen that writes synthetic GDV records, and a sink that
 * remembers what came out as lines of text ("id|number|..." and "12: sentence").
 */
#ifndef TESTS_MATCHER_STOCK_WORLD_H
#define TESTS_MATCHER_STOCK_WORLD_H

#include <check.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <talloc.h>

#include "matcher/csv_mapping.h"
#include "matcher/stock.h"
#include "matcher/stock_id.h"

/* ---- the pen ---- */

struct pen {
	unsigned char *bytes;
	size_t used, room;
	const char *line_end;
	unsigned counted; /* records since 0001, without 0001 */
};

static inline void pen_start(struct pen *pen, const char *line_end)
{
	*pen = (struct pen){ .room = 4096, .line_end = line_end };
	pen->bytes = talloc_array(NULL, unsigned char, pen->room);
}

static inline void pen_bytes(struct pen *pen, const void *bytes, size_t len)
{
	while (pen->used + len > pen->room) {
		pen->room *= 2;
		pen->bytes = talloc_realloc(NULL, pen->bytes, unsigned char, pen->room);
	}
	memcpy(pen->bytes + pen->used, bytes, len);
	pen->used += len;
}

/* One field of the last record; value NULL: leave it as it is. */
static inline void pen_field(struct pen *pen, int at, const char *value)
{
	if (value)
		memcpy(pen->bytes + pen->used - strlen(pen->line_end) - 256 + (at - 1), value,
		       strlen(value));
}

static inline void pen_record(struct pen *pen, const char *type, const char *part)
{
	char blank[256];

	memset(blank, ' ', sizeof(blank));
	pen_bytes(pen, blank, sizeof(blank));
	pen_bytes(pen, pen->line_end, strlen(pen->line_end));
	pen_field(pen, 1, type);
	pen_field(pen, 256, part);
	pen->counted++;
}

static inline void pen_head(struct pen *pen, const char *vu)
{
	pen_record(pen, "0001", "1");
	pen_field(pen, 5, vu);
	pen_field(pen, 10, "Nordstern Allgemeine");
	pen_field(pen, 70, "0111202100000000");
	pen_record(pen, "0001", "2");
	pen_field(pen, 5, vu);
	pen->counted = 0;
}

/* A record of the stock: VU, line, number (right-aligned to 17), running number. */
static inline void pen_stock(struct pen *pen, const char *type, const char *part, const char *vu,
			     const char *line, const char *number)
{
	char aligned[18];

	snprintf(aligned, sizeof(aligned), "%17.17s", number);
	pen_record(pen, type, part);
	pen_field(pen, 5, vu);
	pen_field(pen, 11, line);
	pen_field(pen, 14, aligned);
	pen_field(pen, 31, "01");
}

static inline void pen_person(struct pen *pen, const char *vu, const char *line, const char *number,
			      const char *surname, const char *first_name, const char *birth_date)
{
	pen_stock(pen, "0100", "1", vu, line, number);
	pen_field(pen, 43, "1");
	pen_field(pen, 44, surname);
	pen_field(pen, 104, first_name);
	pen_field(pen, 157, "44139");
	pen_field(pen, 226, birth_date);
	pen_field(pen, 237, "01");
}

static inline void pen_policy(struct pen *pen, const char *vu, const char *line, const char *number)
{
	pen_stock(pen, "0200", "1", vu, line, number);
	pen_field(pen, 44, "0105200401052031");
	pen_field(pen, 69, "1");
	pen_field(pen, 116, "000000001250");
}

static inline void pen_tail(struct pen *pen, unsigned policies)
{
	char text[32];
	unsigned counted = pen->counted;

	pen_record(pen, "9999", NULL);
	snprintf(text, sizeof(text), "%010u", counted);
	pen_field(pen, 5, text);
	snprintf(text, sizeof(text), "%015u", policies * 1250);
	pen_field(pen, 25, text);
}

/* A whole sound delivery with one contract. */
static inline void pen_delivery(struct pen *pen, const char *vu, const char *number)
{
	pen_head(pen, vu);
	pen_person(pen, vu, "050", number, "Muster", "Max", "01021970");
	pen_policy(pen, vu, "050", number);
	pen_tail(pen, 1);
}

/* ---- what came out ---- */

struct catch
{
	TALLOC_CTX *mem;
	char *contracts; /* lines as stock_print writes them */
	size_t used;     /* bytes of them; there may be room for more */
	char *problems;  /* "RECORD: sentence" or "RECORD! sentence" if it was skipped */
	struct stock_counts counts;
	struct err e;
	bool ok;
};

static inline bool catch_contract(void *self, const struct contract *contract, struct err *e)
{
	struct catch *caught = self;
	char *line = NULL;
	size_t len = 0;
	FILE *out = open_memstream(&line, &len);

	(void)e;
	stock_print(contract, out);
	fclose(out);
	if (caught->used + len >= talloc_get_size(caught->contracts)) /* ten thousands of lines */
		caught->contracts = talloc_realloc_size(caught->mem, caught->contracts,
							2 * (caught->used + len + 1));
	memcpy(caught->contracts + caught->used, line, len + 1);
	caught->used += len;
	free(line);
	return true;
}

static inline void catch_problem(void *self, uint64_t record, bool skipped, const char *sentence)
{
	struct catch *caught = self;

	caught->problems = talloc_asprintf_append_buffer(caught->problems, "%" PRIu64 "%s %s\n",
							 record, skipped ? "!" : ":", sentence);
}

static inline void catch_bytes(struct catch *caught, const void *bytes, size_t len,
			       const struct csv_mapping *mapping)
{
	FILE *in = tmpfile();
	struct stock_sink sink = { caught, catch_contract, catch_problem };

	*caught = (struct catch){ .mem = talloc_new(NULL) };
	caught->contracts = talloc_strdup(caught->mem, "");
	caught->problems = talloc_strdup(caught->mem, "");
	ck_assert(fwrite(bytes, 1, len, in) == len);
	rewind(in);
	caught->ok = stock_read(in, mapping, &sink, &caught->counts, &caught->e);
	fclose(in);
}

static inline void catch_pen(struct catch *caught, struct pen *pen)
{
	catch_bytes(caught, pen->bytes, pen->used, NULL);
	talloc_free(pen->bytes);
}

static inline void catch_text(struct catch *caught, const char *text)
{
	catch_bytes(caught, text, strlen(text), NULL);
}

/* The line of a contract of insurer 5438 that its number tells, as far as `rest` goes. */
static inline char *line_of(const struct catch *caught, const char *number, const char *rest)
{
	struct contract c = { .vu = talloc_strdup(caught->mem, "5438"),
			      .number = talloc_strdup(caught->mem, number) };

	return talloc_asprintf(caught->mem, "%s,5438,%s,%s",
			       contract_id_make(&c, TOLD_BY_NUMBER, caught->mem), number, rest);
}

static inline void let_go(struct catch *caught)
{
	talloc_free(caught->mem);
}

#endif
