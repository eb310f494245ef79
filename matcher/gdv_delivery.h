/*
 * gdv_delivery.h -- one GDV delivery while it is read. People (0100) and contracts (0200, 0210) are
 * collected under their number, in the delivery's bytes; when it ends, its code page is known and
 * the contracts are made. Of a delivery with more than GDV_HELD_MOST numbers the rest is laid aside
 * (matcher/gdv_spill.h) and made into contracts part by part.
 */
#ifndef MATCHER_GDV_DELIVERY_H
#define MATCHER_GDV_DELIVERY_H

#include <stdint.h>
#include <talloc.h>

#include "matcher/gdv_record.h"
#include "matcher/gdv_spill.h"
#include "matcher/gdv_text.h"
#include "matcher/stock.h"
#include "matcher/stock_index.h"

/* Bytes of the delivery; bytes NULL: blank. */
struct gdv_raw {
	unsigned char *bytes;
	size_t len;
};

/* A record 0100, part 1. */
struct gdv_person {
	uint64_t record;
	char sequence[3], line[4]; /* Folgenummer, Sparte */
	char role[3];              /* Adress-Kennzeichen, 01: policy holder */
	bool company;
	char birth_date[9];
	struct gdv_raw name[3], postcode;
	struct gdv_person *next;
};

#define GDV_PARTS 3 /* references of a 0210 */

/* A record 0200 with its parts and 0210s. */
struct gdv_policy {
	uint64_t record, second; /* of parts 1 and 2 */
	char sequence[3], line[4];
	char start[9], end[9], left[9]; /* DDMMYYYY; left: Abgangsdatum */
	char status, reference_kind;
	char reason[3]; /* Abgangsgrund */
	char application[10], customer_vu[18], customer_broker[18], reference[18],
		broker_number[18]; /* the broker's own number of the contract */
	char broker[11];           /* the broker's number at the insurer */
	struct gdv_raw printed, plate;
	char parts[GDV_PARTS][18]; /* references of its 0210.010 */
	uint64_t parts_at;         /* the record they stand in */
	char risk_line[4];         /* of its 0210 */
	bool several_lines;
	struct gdv_policy *next;
};

/* Persons, and contracts, under one number; a group contract has many, a broken file more. */
#define GDV_NUMBER_MOST 1000

/* Numbers of a delivery that are held at once; about 2 kB each. */
#define GDV_HELD_MOST 20000

/* Everything that came under one (VU, number). */
struct gdv_number {
	char *vu, *number;
	struct gdv_person *people, **last_person;
	struct gdv_policy *policies, **last_policy;
	int person_count, policy_count;
	struct gdv_number *next; /* in the order of the delivery */
};

struct gdv_delivery {
	uint64_t record;  /* of its 0001, 0: there was none */
	char vu[6];       /* of the 0001, for records without their own */
	char created[9];  /* DDMMYYYY */
	uint64_t records; /* without 0001 and 9999, bad ones too */
	uint64_t premium; /* sum of 0200.1 field 22, hundredths */
	struct byte_weights weights;
	TALLOC_CTX *held; /* index and numbers */
	struct stock_index
		*index; /* "VU|NUMBER", the number as a key: it is one in every spelling */
	struct gdv_number *numbers, **last_number;
	size_t number_count;
	bool replaying;          /* what was laid aside is read */
	struct gdv_spill *spill; /* NULL: everything is held */
	struct stock_set *owned; /* with a spill: own numbers of contracts, "VU|NUMBER" */
	const struct stock_sink *sink;
	struct stock_counts *counts;
};

struct gdv_delivery *gdv_delivery_new(const struct stock_sink *sink, struct stock_counts *counts,
				      TALLOC_CTX *mem);

/* Take one record of the delivery (not 0001, 9999). Fails ERR_RETRY: it had to be laid aside and could not. */
bool gdv_delivery_take(struct gdv_delivery *delivery, const struct gdv_record *record,
		       struct err *e);

/* Read a part of what was laid aside instead of what is held; false: there is none, or e is set. */
bool gdv_delivery_part(struct gdv_delivery *delivery, int part, struct err *e);

/* Report; record 0: the delivery as a whole. Never personal data in the sentence. */
void gdv_problem(struct gdv_delivery *delivery, uint64_t record, bool skipped, const char *format,
		 ...) __attribute__((format(printf, 4, 5)));

/* What was delivered under this number, NULL if nothing. */
struct gdv_number *gdv_delivery_find(const struct gdv_delivery *delivery, const char *vu,
				     const char *number);

/* Is this the own number of a contract of the delivery? */
bool gdv_delivery_owns(const struct gdv_delivery *delivery, const char *vu, const char *number);

/* Make the contracts and hand them over (gdv_contract.c). Fails as the sink does, or ERR_SETUP (iconv). */
bool gdv_delivery_contracts(struct gdv_delivery *delivery, struct err *e);

#endif
