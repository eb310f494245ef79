/* person.h -- what the tests of the queue share: a person decides, and it must come about. */
#ifndef TESTS_MATCHER_PERSON_H
#define TESTS_MATCHER_PERSON_H

#include "house.h"
#include "matcher/queue.h"

static struct decided done;

static inline struct decision want(const char *document, const char *contract)
{
	return (struct decision){ .document = document,
				  .contract = contract,
				  .by = "clerk",
				  .note = "seen",
				  .confirmed = ~0u };
}

static inline void must(queue_act *act, struct decision decision)
{
	struct err e = { 0 };

	ck_assert_msg(act(&house.matcher, &decision, &done, house.mem, &e), "%s", e.text);
}

/* A contract of the number 4711, and of a customer of its own. */
static inline void make(const char *document, const char *id, const char *line)
{
	struct contract c = { .contract_id = (char *)id,
			      .vu = (char *)"9001",
			      .number = (char *)"4711",
			      .line = (char *)line,
			      .customer_id = talloc_asprintf(house.mem, "C-%s", id) };
	struct decision decision = want(document, NULL);

	decision.created = &c;
	must(queue_create, decision);
}

#endif
