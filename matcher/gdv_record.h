/*
 * gdv_record.h -- records of 256 characters, cut out of a file, and their fields by address.
 *
 * Between records stands LF, CR, both in any order, or nothing, and not everywhere the same. Where a record is too short or too
 * long, reading goes on with the next line, or, without line ends, where the next record of the same insurer begins. In UTF-8 a
 * record has 256 characters and more bytes; that works where line ends separate the records.
 */
#ifndef MATCHER_GDV_RECORD_H
#define MATCHER_GDV_RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "matcher/stock_input.h"

#define GDV_RECORD 256

#define GDV_VU 5 /* bytes of an insurer's number, behind the record type */

struct gdv_reader {
	struct stock_input *in;
	unsigned char vu[GDV_VU]; /* of the last record that said one; vu[0] is 0 before */
	uint64_t number;          /* of the last record, from 1 */
};

/* Valid until the next record is read. */
struct gdv_record {
	uint64_t number;
	const unsigned char *bytes;
	uint16_t at[GDV_RECORD + 1]; /* where each character begins, and where the last one ends */
	int type;                    /* 200 for 0200 */
};

/* Where each character begins: one byte each, or, in a longer record, as UTF-8. False: these are not 256 characters. */
bool gdv_record_lay_out(struct gdv_record *record, size_t len);

enum gdv_reading { GDV_READ, GDV_BAD, GDV_END };

/* Does a file begin like GDV? */
bool gdv_looks_like(const unsigned char *bytes, size_t len);

void gdv_reader_start(struct gdv_reader *reader, struct stock_input *in);

/* The next record. GDV_BAD: it was skipped, *why is a sentence, child of mem. */
enum gdv_reading gdv_reader_next(struct gdv_reader *reader, struct gdv_record *record, char **why,
				 TALLOC_CTX *mem);

/* A field: `len` characters from address `at` (from 1, as the record descriptions count). */
struct gdv_slice {
	const unsigned char *bytes;
	size_t len;
};
struct gdv_slice gdv_field(const struct gdv_record *record, int at, int len);

/* The same as text without blanks and control characters at the ends, for fields of digits and ASCII letters only: other
 * bytes, and control characters inside, become '?'. out has room for len + 1. Returns out. */
char *gdv_ascii(char *out, const struct gdv_record *record, int at, int len);

/* The part of a record (Satznummer, address 256): 1-9; blank and 0 count as 1. 0: something else. */
int gdv_part(const struct gdv_record *record);

#endif
