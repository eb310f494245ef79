/*
 * facts.h -- what decide() may know about one document: read off a delivery, without a database,
 * without a clock.
 *
 * Whose number is it? The transfer's register number (insurer_vu) wins over the connection's issuer:
 * one connection often serves a whole group or a pool, and the same digits at two carriers are two
 * contracts. The connection's issuer then only suggests, unless it has no register number of its
 * own: an Assekuradeur's numbers are his, whoever carries the risk, so that both count. A register
 * number that no file knows is an issuer of its own ("vu:NNNN", as the stock import writes it):
 * compared by the general rule, with itself only.
 */
#ifndef MATCHER_FACTS_H
#define MATCHER_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "matcher/weigh.h"
#include "model/business_case.h"
#include "model/delivery.h"
#include "normalizers/insurer.h"
#include "normalizers/key.h"

/* How far a number may carry. */
enum use {
	USE_NONE, /* a case number, a previous insurer's number, a placeholder: looked up nowhere */
	USE_CLAIM,   /* a claim number: suggests the contracts of earlier documents */
	USE_SUGGEST, /* the broker's own or a link number, another issuer's keys: suggests, never
			files */
	USE_WEAK,    /* old and application numbers: file only if no better number was known */
	USE_NAME     /* policy number, system or printed form */
};

#define ANY_ISSUER "*" /* in place of an issuer, for suggestions: whoever it is */

/* One number under one issuer. The first one of a number is the document's own issuer; others
 * follow from successor edges (vu: only contracts of that register number) or only suggest. */
struct asked {
	int number; /* index in the transfer */
	enum number_kind kind;
	enum use use;
	const char *issuer;
	const char *vu;        /* NULL: any carrier of the issuer */
	const struct key *key; /* never NULL */
};

struct facts {
	const struct shipment *shipment;
	const struct transfer *transfer;
	const struct document *document;
	const char *issuer; /* whose numbers; NULL if nothing is known */
	bool issuer_has_file;
	enum business_class class;
	const char *dated; /* ISO date of the document, NULL if nobody says */
	bool strict_lines;
	const char *const *
		taken_back; /* contracts where a person took it back from, ended by NULL; NULL: none */
	const struct weighing *weighing; /* never NULL */
	struct asked *asked;             /* shared by the documents of a transfer */
	size_t asked_count;
};

/* Where a delivery came from, as far as facts need it. */
struct facts_setting {
	const struct insurers *insurers;
	const char *issuer;   /* of the connection */
	const char *received; /* ISO date: the last resort for the document's date */
	bool strict_lines;
	const struct weighing *weighing; /* NULL: weighing_usual */
};

/* Facts about every document of one transfer, in their order: document_count items. The delivery
 * and the insurers must outlive them. */
struct facts *facts_of_transfer(const struct facts_setting *setting,
				const struct shipment *shipment, const struct transfer *transfer,
				TALLOC_CTX *mem);

/* Rows of one number stand together; is asked[i] the first one, under the document's own issuer? */
bool facts_first_row(const struct facts *facts, size_t i);

/* Two policy numbers that are not two spellings of one? */
bool facts_several_policies(const struct facts *facts);

/* The number that may become a contract's name if a person says so: policy number first, then the printed,
 * old and application number. NULL if there is none, or if the transfer names several contracts. */
const struct asked *facts_alias(const struct facts *facts);

#endif
