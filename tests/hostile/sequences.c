/*
 * sequences.c -- messages one after the other, for one connection: what the first one was may not change what becomes of the
 * next; and answers to another question than the one that was asked.
 */
#include "tests/hostile/plain_check.h"

#include "tests/hostile/hostile.h"
#include "tests/ingest/read_helpers.h"

static const struct hostile_case *find(const struct hostile_list *list, const char *name)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->cases[i].name, name) == 0)
			return &list->cases[i];
	printf("there is no case %s\n", name);
	abort();
}

static bool goes_right(struct cage *cage, const struct hostile_case *c)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct hostile_result r = hostile_read(cage, c, 4096, true, mem);
	bool right = hostile_right("in a sequence", c, &r);

	talloc_free(mem);
	return right;
}

/* Each of these, and then a control through the same cage. */
static const char *const firsts[] = {
	"nothing",
	"billion laughs, thirty deep",
	"cut in a tag",
	"30 MB and then a dollar",
	"no closing delimiter",
	"token.answer",
	"token-cancelled.answer",
	"list-mixed.answer",
	"mtom.answer",
	"wrong password",
	"expired",
	"a signed answer, one byte too long",
	"elements, one beyond",
	"signed, MTOM",
	"12345678 -> 12345679",
#ifdef VORPOST_CRASH_POINTS
	"crash",
	"loop",
	"socket",
	"facts",
#endif
};

/* The second is judged as if it were alone: what was signed before, or read before, says nothing about it. */
static const char *const seconds[] = {
	"inline.answer",
	"the signature left out",
	"signed, RSA-SHA256",
};

static int one_after_the_other(struct cage *cage, const struct hostile_list *list, int *cases)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++)
		for (size_t n = 0; n < sizeof seconds / sizeof *seconds; n++, (*cases)++)
			wrong += !(goes_right(cage, find(list, firsts[i])) &&
				   goes_right(cage, find(list, seconds[n])));
	return wrong;
}

/* An answer that is well in itself, to a question that was not asked. */
static const struct {
	const char *name;
	enum answer_kind asked;
} strangers[] = {
	{ "list-mixed.answer", ANSWER_DELIVERY },
	{ "list-mixed.answer", ANSWER_TOKEN },
	{ "inline.answer", ANSWER_LIST },
	{ "inline.answer", ANSWER_ACKNOWLEDGE },
	{ "acknowledge.answer", ANSWER_LIST },
	{ "acknowledge.answer", ANSWER_DELIVERY },
	{ "token.answer", ANSWER_LIST },
	{ "token.answer", ANSWER_DELIVERY },
	{ "token-cancelled.answer", ANSWER_TOKEN },
};

static int to_another_question(const struct hostile_list *list, int *cases)
{
	int wrong = 0;

	for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++, (*cases)++) {
		const struct hostile_case *c = find(list, strangers[i].name);
		TALLOC_CTX *mem = talloc_new(NULL);
		struct read_result r =
			read_way(c->bytes, c->len, &(struct reading_way){ .type = c->type }, mem);

		if (!r.ok || answer_fits(r.answer, strangers[i].asked, &r.e) ||
		    r.e.refusal != REFUSAL_OTHER_OPERATION) {
			printf("WRONG: %s is taken for another answer\n", c->name);
			wrong++;
		}
		talloc_free(mem);
	}
	return wrong;
}

int sequences(struct cage *cage, const struct hostile_list *list, int *cases)
{
	int wrong = one_after_the_other(cage, list, cases);

	return wrong + to_another_question(list, cases);
}
