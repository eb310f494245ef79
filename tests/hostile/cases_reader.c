/* cases_reader.c -- a reading process that was taken over (ingest/reading_plant.c, test builds only). */
#include "tests/hostile/plain_check.h"

#include "tests/hostile/hostile.h"

#include "tests/ingest/read_helpers.h"

#ifdef VORPOST_CRASH_POINTS

static const struct {
	const char *word;
	enum refusal refusal;
} plants[] = {
	{ "crash", REFUSAL_READER_CRASHED },     { "abort", REFUSAL_READER_CRASHED },
	{ "exit", REFUSAL_READER_CRASHED },      { "loop", REFUSAL_READER_ENDLESS },
	{ "bomb", REFUSAL_READER_MEMORY },       { "open", REFUSAL_READER_FORBIDDEN },
	{ "create", REFUSAL_READER_FORBIDDEN },  { "socket", REFUSAL_READER_FORBIDDEN },
	{ "connect", REFUSAL_READER_FORBIDDEN }, { "execute", REFUSAL_READER_FORBIDDEN },
	{ "fork", REFUSAL_READER_FORBIDDEN },    { "kill", REFUSAL_READER_FORBIDDEN },
	{ "parent", REFUSAL_READER_FORBIDDEN },  { "memory", REFUSAL_READER_FORBIDDEN },
	{ "ring", REFUSAL_READER_FORBIDDEN },    { "babble", REFUSAL_READER_LIES },
	{ "long", REFUSAL_READER_LIES },         { "facts", REFUSAL_READER_LIES },
	{ "flood", REFUSAL_READER_LIES },        { "beyond", REFUSAL_READER_LIES },
	{ "across", REFUSAL_READER_LIES },       { "again", REFUSAL_READER_LIES },
	{ "nothing", REFUSAL_READER_LIES },      { "mumble", REFUSAL_READER_ENDLESS },
};

static struct hostile_case *planted(struct hostile_list *list, const char *name, const char *word,
				    enum refusal refusal, TALLOC_CTX *mem)
{
	struct hostile_case *c =
		hostile_add(list, CLASS_READER, name, TRANSFER(DATA("QUJD")), refusal);

	c->type = talloc_asprintf(mem, "text/xml; x-plant=%s", word);
	c->caged = true;
	return c;
}

void cases_reader(struct hostile_list *list, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < sizeof plants / sizeof *plants; i++)
		planted(list, plants[i].word, plants[i].word, plants[i].refusal, mem);
	planted(list, "bomb, where signatures count", "bomb", REFUSAL_READER_MEMORY, mem)->policy =
		SIGNATURE_IF_PRESENT; /* which gives it more */
}

#else

void cases_reader(struct hostile_list *list, TALLOC_CTX *mem)
{
	(void)list, (void)mem; /* this build has no plants */
}

#endif
