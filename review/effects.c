#include "review/effects.h"

#include "base/clock.h"
#include "base/text.h"
#include "events/policy.h"
#include "matcher/queue_alias.h"
#include "model/event.h"
#include "review/diff.h"
#include "review/row.h"

static bool others_count(struct effects *effects, TALLOC_CTX *mem, struct err *e)
{
	const struct matcher *matcher = effects->matcher;
	const struct asked *asked = facts_alias(stored_facts(effects->document, matcher));
	struct rows *rows;

	effects->others = -1;
	if (!asked)
		return true;
	if (!db_call(matcher->db, SQL_queue_others, &rows, mem, e, matcher->broker, asked->issuer,
		     alias_key(asked), effects->document->document_id))
		return false;
	effects->others = rows_int(rows, 0, "others");
	return true;
}

bool effects_load(struct effects *effects, const struct matcher *matcher, struct stored *document,
		  TALLOC_CTX *mem, struct err *e)
{
	*effects = (struct effects){ .matcher = matcher, .document = document };
	effects->policy = policy_load(matcher->db, matcher->broker, mem, e);
	return effects->policy && others_count(effects, mem, e);
}

/* A person files it: his tier is what the rules see. */
static struct ruling ruling_of(const struct effects *effects, const char *customer_id)
{
	const struct stored *s = effects->document;
	const struct facts *facts = stored_facts(effects->document, effects->matcher);
	const struct release_subject subject = {
		.category = business_class_text(facts->class),
		.business_case = s->transfer.business_case,
		.issuer = s->issuer,
		.customer = customer_id,
		.tier = tier_text(TIER_PERSON),
	};

	return policy_ruling(effects->policy, &subject);
}

const char *effects_hold(char *out, const struct effects *effects, const char *customer_id)
{
	struct ruling ruling = ruling_of(effects, customer_id);

	if (ruling.verb != RELEASE_AUTO || !ruling.hold_s)
		return NULL;
	return clock_text(out, effects->policy->now_ms + (int64_t)ruling.hold_s * 1000);
}

/* Quite another number than the contract's is no spelling of it: who remembers it, remembers a second number. */
static bool another_number(const char *spelling, const struct effects_at *at)
{
	return !text_empty(spelling) &&
	       !(text_empty(at->number) && text_empty(at->printed_number)) &&
	       !diff_alike(spelling, at->number) && !diff_alike(spelling, at->printed_number);
}

static json_t *alias_json(const struct alias_word *word, const struct effects_at *at)
{
	json_t *why_not = word->why_not ? sentence_json(word->why_not) : NULL;
	json_t *json = json_pack("{s:s?, s:o, s:b, s:b, s:o?, s:o?}", "key", word->key, "spelling",
				 text_json(word->spelling), "possible", word->possible, "another",
				 another_number(word->spelling, at), "why_not",
				 why_not ? json_incref(json_object_get(why_not, "says")) : NULL,
				 "why_not_de",
				 why_not ? json_incref(json_object_get(why_not, "says_de")) : NULL);

	json_decref(why_not);
	return json;
}

static json_t *releases(const struct ruling *ruling)
{
	if (ruling->verb != RELEASE_AUTO)
		return json_false();
	return ruling->hold_s ? json_string("held") : json_true();
}

json_t *effects_json(const struct effects *effects, const struct effects_at *at, struct err *e)
{
	struct ruling ruling = ruling_of(effects, at->customer_id);
	const struct facts *facts = stored_facts(effects->document, effects->matcher);
	const char *event = ruling.verb == RELEASE_AUTO ? event_type_of_class(facts->class) : NULL;
	char until[CLOCK_TEXT_SIZE];
	struct alias_word word;
	bool solves;

	if (!alias_ask(&word, effects->matcher, effects->document, at->contract_id, e))
		return NULL;
	solves = effects->others >= 0 && (word.possible || word.known);
	return json_pack(
		"{s:b, s:o, s:s?, s:s, s:s, s:o, s:I}", "files", true, "releases",
		releases(&ruling), "hold_until", effects_hold(until, effects, at->customer_id),
		"rule", ruling.rule, "event", event ? event : EVENT_DOCUMENT_ATTACHED, "alias",
		alias_json(&word, at), "also_solves", (json_int_t)(solves ? effects->others : 0));
}
