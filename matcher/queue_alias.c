#include "matcher/queue_alias.h"

#include "base/text.h"

const char *alias_key(const struct asked *asked)
{
	return asked->key->canonical ? asked->key->canonical : asked->key->plain;
}

const struct asked *alias_asked(const struct facts *facts)
{
	if (!business_class_for_customers(facts->class) || facts->document->data ||
	    facts->document->orphan)
		return NULL;
	return facts_alias(facts);
}

static bool owners_ask(struct alias_word *word, const struct matcher *matcher, const char *contract,
		       struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct rows *rows;
	bool ok = db_call(matcher->db, SQL_queue_name_owners, &rows, mem, e, matcher->broker,
			  word->asked->issuer, word->key);

	if (ok && rows_count(rows) == 0) {
		word->possible = true;
	} else if (ok && rows_count(rows) == 1 &&
		   text_equal(rows_text(rows, 0, "contract_id"), contract)) {
		word->known = true;
		word->why_not = "the number is already a name of this contract";
	} else {
		word->why_not = "the number is already a name of another contract";
	}
	talloc_free(mem);
	return ok;
}

bool alias_ask(struct alias_word *word, const struct matcher *matcher, struct stored *document,
	       const char *contract, struct err *e)
{
	const struct asked *asked = alias_asked(stored_facts(document, matcher));

	*word = (struct alias_word){ .why_not = "the document has no single number of a contract" };
	if (!asked)
		return true;
	word->asked = asked;
	word->key = alias_key(asked);
	word->spelling = document->transfer.numbers[asked->number].value;
	word->why_not = NULL;
	return owners_ask(word, matcher, contract, e);
}
