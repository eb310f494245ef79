/*
 * policy.h -- which documents reach customers by themselves, and after what hold-back: the broker's rules over the shipped
 * table (events/catalogue.h).
 *
 * A rule names a category, an issuer, a customer, or several of them. The most specific one that fits decides: a rule
 * for the customer before one for the issuer before one for the category; of two that name the customer the one that
 * names the issuer, too; and so on. Two things no rule changes: what is not for customers stays here, and a document that
 * nobody is sure about waits for a person.
 */
#ifndef EVENTS_POLICY_H
#define EVENTS_POLICY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <talloc.h>

#include "events/catalogue.h"
#include "model/verdict.h"
#include "store/db.h"

#define HOLD_OF_TIER (-1)
#define HOLD_MOST_S  (30 * 24 * 60 * 60)

struct release_rule {
	int64_t id;
	const char *category, *issuer, *customer; /* NULL: any */
	enum release_verb verb;
	int hold_s; /* HOLD_OF_TIER: the rule says nothing about it */
};

struct policy {
	struct release_rule *rules;
	size_t rule_count;
	int hold_s[TIERS];
	const char *secret; /* of the collapse keys */
	const char *day;    /* ISO date where the customers live */
	int64_t now_ms;     /* the database's clock */
	int64_t heard_ms;   /* what happened before has been heard; at most now_ms */
};

/* Does this tier ever release by itself, and what does it hold back by default? False: a person is asked. */
bool policy_tier_hold(int *hold_s, const char *tier);

/* Read it; child of mem. Two round trips at the very first time, else one. Fails as db_run; ERR_BUG if what is
 * stored cannot be read. */
struct policy *policy_load(struct db *db, const char *broker, TALLOC_CTX *mem, struct err *e);

/* What a rule may ask about. Members may be NULL. */
struct release_subject {
	const char *category, *business_case, *issuer, *customer, *tier;
};

#define RULE_NAME_SIZE 32

struct ruling {
	enum release_verb verb;
	int hold_s;                /* the longer of the tier's and the rule's */
	char rule[RULE_NAME_SIZE]; /* "default", "rule:12", "tier", "customer" (there is none) */
};

struct ruling policy_ruling(const struct policy *policy, const struct release_subject *subject);

#endif
