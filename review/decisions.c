/* decisions.c -- what a clerk decides about a document. Each names the version that he saw; who is too late gets the document as
 * it is now. */
#include <string.h>

#include "api/problem.h"
#include "base/clock.h"
#include "base/text.h"
#include "base/uuid7.h"
#include "events/calendar.h"
#include "matcher/objections.h"
#include "matcher/queue.h"
#include "model/event.h"
#include "model/line.h"
#include "review/colleague.h"
#include "review/document.h"
#include "review/effects.h"
#include "review/news.h"
#include "review/row.h"
#include "review/trail.h"

#define BODY_MOST      (16 * 1024)
#define NOTE_MOST      2000
#define ID_MOST        200
#define CONTRACTS_MOST 20
#define ID_MAX_FIELD   400
#define VU_MOST        5    /* digits */
#define YEAR_LEAST     1800 /* of what is insured or born */

#define SET(object, name, value) json_object_set_new(object, name, value)

/* ---- the body ---- */

static bool common_read(struct decision *decision, struct request *request, const char *members)
{
	int64_t version;

	*decision = (struct decision){ .document = request->param, .by = request->caller.by };
	if (!request_json(request, members) ||
	    !json_take_number(&version, request, "version", 1, INT32_MAX, 0) ||
	    !json_take_text(&decision->note, request, "note", MAY, NOTE_MOST))
		return false;
	decision->version = (int)version;
	return version > 0 ||
	       problem_german(request, PROBLEM_CONTENT, NULL,
			      "Es fehlt die Version des Dokuments, die entschieden wird.",
			      "version is missing: that of the document as it was seen");
}

static bool contracts_read(struct decision *decision, struct request *request)
{
	const char **all;

	if (!json_take_text(&decision->contract, request, "contract_id", MAY, ID_MOST) ||
	    !json_take_texts(&all, request, "contract_ids", MAY, CONTRACTS_MOST, ID_MOST))
		return false;
	if ((decision->contract != NULL) == (all && all[0]))
		return problem_german(request, PROBLEM_CONTENT, NULL,
				      "Bitte einen Vertrag nennen, oder mehrere als Liste.",
				      "expected contract_id, or contract_ids, and not both");
	if (decision->contract)
		return true;
	decision->contract = all[0];
	decision->more = all + 1;
	while (decision->more[decision->more_count])
		decision->more_count++;
	return true;
}

/* What speaks against it, as named in the refusal or beside the candidate. */
static bool confirm_read(struct decision *decision, struct request *request)
{
	const char **all;

	if (!json_take_texts(&all, request, "confirm", MAY, OBJECTIONS, ID_MOST))
		return false;
	for (size_t i = 0; all && all[i]; i++)
		if (!objection_read(&decision->confirmed, all[i]))
			return problem(request, PROBLEM_CONTENT, "confirm knows %s",
				       objections_join(~0U, objection_text, ", ", request));
	return true;
}

/* alias false and alias_scope "none" say the same. */
static bool alias_read(struct decision *decision, struct request *request)
{
	const char *scope;
	bool alias;

	if (!json_take_flag(&alias, request, "alias", true) ||
	    !json_take_text(&scope, request, "alias_scope", MAY, ID_MOST) ||
	    !json_take_flag(&decision->also, request, "also", false))
		return false;
	if (scope && strcmp(scope, "number") && strcmp(scope, "pattern") && strcmp(scope, "none"))
		return problem(request, PROBLEM_CONTENT, "alias_scope is number, pattern or none");
	if (!alias && scope && !strcmp(scope, "pattern"))
		return problem(request, PROBLEM_CONTENT,
			       "alias_scope pattern remembers the number, alias false does not");
	decision->as_pattern = scope && !strcmp(scope, "pattern");
	decision->alias_across = json_is_true(json_object_get(request->json, "alias"));
	decision->no_alias = !alias || (scope && !strcmp(scope, "none"));
	return true;
}

/* ---- the answer ---- */

/* What the outbox got of it, as far as this document goes. */
static json_t *events_json(const struct stored *before, const struct stored *now)
{
	json_t *events = json_array();
	bool stays = text_equal(before->contract_id, now->contract_id);

	if (before->contract_id && !before->duplicate_of && !stays)
		json_array_append_new(events, json_string(EVENT_DOCUMENT_DETACHED));
	if (now->contract_id && !now->duplicate_of && !stays)
		json_array_append_new(events, json_string(EVENT_DOCUMENT_ATTACHED));
	return events;
}

static bool undo_put(json_t *answer, const struct opened *opened, struct request *request,
		     struct err *e)
{
	char until[CLOCK_TEXT_SIZE];
	struct effects effects;
	const char *hold = NULL;

	if (opened->document->contract_id && !opened->document->duplicate_of) {
		if (!effects_load(&effects, &opened->set.matcher, opened->document, request, e))
			return false;
		hold = effects_hold(until, &effects, opened->document->customer_id);
	}
	SET(answer, "undo_until", hold ? json_string(hold) : json_null());
	return true;
}

static void alias_put(json_t *answer, const struct decided *decided)
{
	json_t *why = decided->no_alias ? sentence_json(decided->no_alias) : NULL;

	SET(answer, "alias", json_boolean(decided->alias));
	SET(answer, "pattern_proposed", json_boolean(decided->pattern));
	SET(answer, "no_alias", why ? json_incref(json_object_get(why, "says")) : json_null());
	SET(answer, "no_alias_de",
	    why ? json_incref(json_object_get(why, "says_de")) : json_null());
	json_decref(why);
}

static void answer(struct request *request, const struct decided *decided)
{
	struct opened opened;
	struct err e = { 0 };
	json_t *all;

	if (!document_open(&opened, request))
		return;
	all = json_pack("{s:o, s:s, s:s?, s:i, s:i, s:o}", "document",
			row_json(&opened.set, 0, opened.document, request), "decision_id",
			decided->decision_id, "undone", decided->action, "others", decided->others,
			"withdrawn", decided->withdrawn, "events",
			events_json(decided->document, opened.document));
	alias_put(all, decided);
	if (undo_put(all, &opened, request, &e)) {
		reply_json(request, 200, all);
		return;
	}
	json_decref(all);
	review_problem(request, &e, NULL);
}

/* Too late, or not to be done: with the document as it is now, so that the page can show it. */
static void refuse(struct request *request, const struct decided *decided, const struct err *e)
{
	struct opened opened;
	json_t *more = NULL;

	if (e->kind == ERR_CONFLICT || e->kind == ERR_REFUSED) {
		if (!document_open(&opened, request))
			return;
		more = json_pack("{s:o}", "document",
				 row_json(&opened.set, 0, opened.document, request));
	}
	if (more && decided->objections)
		SET(more, "confirm", objections_json(decided->objections));
	else if (more && decided->existing)
		SET(more, "contract_id", json_string(decided->existing));
	review_problem(request, e, more);
}

static enum handled act(struct request *request, queue_act *what, struct decision *decision)
{
	struct decided decided;
	struct trail trail;
	struct matcher matcher;
	struct err e = { 0 };

	if (!review_matcher(&matcher, request))
		return HANDLED;
	trail_begin(&trail, decision, request,
		    talloc_asprintf(request, "document.%s", strrchr(request->path, '/') + 1));
	if (strlen(decision->document) != UUID_TEXT_SIZE - 1)
		problem_german(request, PROBLEM_MISSING, NULL, "Dieses Dokument gibt es nicht.",
			       "there is no such document");
	else if (what(&matcher, decision, &decided, request, &e)) {
		news_tell(request, "decided", decision->document);
		answer(request, &decided);
	} else
		refuse(request, &decided, &e);
	return HANDLED;
}

/* ---- the handlers ---- */

static enum handled assign(struct request *request)
{
	struct decision decision;

	if (common_read(&decision, request,
			"version,contract_id,contract_ids,alias,alias_scope,also,note,"
			"several_customers,confirm") &&
	    contracts_read(&decision, request) && alias_read(&decision, request) &&
	    confirm_read(&decision, request) &&
	    json_take_flag(&decision.several_customers, request, "several_customers", false))
		act(request, queue_assign, &decision);
	return HANDLED;
}

static enum handled ignore(struct request *request)
{
	struct decision decision;

	if (common_read(&decision, request, "version,reason,note") &&
	    json_take_text(&decision.reason, request, "reason", MUST, ID_MOST))
		act(request, queue_ignore, &decision);
	return HANDLED;
}

static enum handled postpone(struct request *request)
{
	struct decision decision;

	if (common_read(&decision, request, "version,until,note") &&
	    json_take_text(&decision.until, request, "until", MUST, ID_MOST))
		act(request, queue_postpone, &decision);
	return HANDLED;
}

static enum handled hand_over(struct request *request)
{
	struct decision decision;

	if (common_read(&decision, request, "version,to,note") &&
	    json_take_text(&decision.to, request, "to", MAY, ID_MOST) &&
	    colleague_check(request, decision.to))
		act(request, queue_hand_over, &decision);
	return HANDLED;
}

static bool member_refuse(struct request *request, const char *name, const char *german,
			  const char *why)
{
	const char *member = talloc_asprintf(request, "contract.%s", text_shown(name, 40, request));

	return problem_german(request, PROBLEM_CONTENT, json_pack("{s:s}", "member", member),
			      german, "%s %s", member, why);
}

/* Nothing in it that a person would not see, or that turns what he sees: then it is shown as it is, but for escapes. */
static bool text_plain(const char *text, TALLOC_CTX *mem)
{
	size_t len = text ? strlen(text) : 0, escapes = 0;

	for (size_t i = 0; i < len; i++)
		escapes += text[i] == '"' || text[i] == '\\';
	return !len || strlen(text_shown(text, 10 * len, mem)) == len + escapes;
}

/* The fields of the contract that is made; what is left out is not known. */
static bool created_read(struct contract *c, struct request *request, const json_t *fields)
{
	const struct {
		const char *name;
		char **to;
	} texts[] = {
		{ "contract_id", &c->contract_id },
		{ "vu", &c->vu },
		{ "number", &c->number },
		{ "printed_number", &c->printed_number },
		{ "line", &c->line },
		{ "starts_on", &c->start },
		{ "ends_on", &c->end },
		{ "customer_id", &c->customer_id },
		{ "name", &c->name },
		{ "first_name", &c->first_name },
		{ "birth_date", &c->birth_date },
		{ "postcode", &c->postcode },
		{ "plate", &c->plate },
		{ "application_number", &c->application_number },
	};
	const char *name;
	json_t *value;

	json_object_foreach((json_t *)fields, name, value)
	{
		size_t i = 0;

		while (i < sizeof texts / sizeof *texts && strcmp(texts[i].name, name) != 0)
			i++;
		if (i == sizeof texts / sizeof *texts ||
		    (!json_is_null(value) && !json_is_string(value)) ||
		    json_string_length(value) > ID_MAX_FIELD)
			return member_refuse(request, name,
					     "Diese Angabe gibt es nicht, oder sie ist zu lang.",
					     "is not known, no text, or too long");
		if (!text_plain(json_string_value(value), request))
			return member_refuse(request, name,
					     "Eine Angabe enthält unsichtbare oder Steuerzeichen.",
					     "has characters that cannot be seen");
		*texts[i].to = text_empty(json_string_value(value))
				       ? NULL
				       : talloc_strdup(request, json_string_value(value));
	}
	return true;
}

/* Days are told apart by their text: ISO sorts as time does. */
static bool days_check(const struct contract *c, struct request *request)
{
	const struct {
		const char *name, *text;
	} days[] = { { "starts_on", c->start },
		     { "ends_on", c->end },
		     { "birth_date", c->birth_date } };
	char today[CLOCK_TEXT_SIZE];
	int day;

	for (size_t i = 0; i < sizeof days / sizeof *days; i++)
		if (days[i].text && (!day_parse(&day, days[i].text) || day_year(day) < YEAR_LEAST))
			return member_refuse(request, days[i].name,
					     "Ein Datum schreibt sich so: 2025-03-03.",
					     "is a day like 2025-03-03");
	if (c->birth_date && strcmp(c->birth_date, clock_text(today, clock_wall_ms())) > 0)
		return member_refuse(request, "birth_date",
				     "Das Geburtsdatum liegt in der Zukunft.",
				     "lies in the future");
	return !c->start || !c->end || strcmp(c->start, c->end) <= 0 ||
	       member_refuse(request, "ends_on", "Das Ende liegt vor dem Beginn.",
			     "is before starts_on");
}

static bool vu_check(const struct contract *c, struct request *request)
{
	size_t len = c->vu ? strlen(c->vu) : 1;

	return !c->vu || (len <= VU_MOST && strspn(c->vu, "0123456789") == len) ||
	       member_refuse(request, "vu", "Eine VU-Nummer besteht aus höchstens fünf Ziffern.",
			     "is the insurer's register number, at most five digits");
}

/* Three digits of the GDV's table: what is in no table contradicts nothing, and so keeps no letter from the wrong contract. */
static bool line_check(const struct contract *c, struct request *request)
{
	return !c->line || line_known(c->line) ||
	       member_refuse(request, "line",
			     "Diese Sparte gibt es nicht: drei Ziffern nach GDV, wie 050.",
			     "is no line of business: three digits of the GDV's table, like 050");
}

/* The register number by which the contract will be found: the document's, else the insurer's. */
static char *vu_of(const struct stored *document, const struct review *review, TALLOC_CTX *mem)
{
	const struct insurer *insurer = insurers_by_issuer(review->insurers, document->issuer);

	if (document->transfer.insurer_vu)
		return talloc_strdup(mem, document->transfer.insurer_vu);
	return insurer && insurer->carrier_count ? talloc_strdup(mem, insurer->carriers[0].vu)
						 : NULL;
}

/* Without an id it gets one of its own; without a register number the document's. */
static bool created_complete(struct contract *c, struct request *request)
{
	char id[UUID_TEXT_SIZE];
	struct opened opened;

	if (!days_check(c, request) || !vu_check(c, request) || !line_check(c, request) ||
	    !document_open(&opened, request))
		return false;
	if (!c->contract_id)
		c->contract_id = talloc_strdup(request, uuid7_text(id));
	if (!c->vu)
		c->vu = vu_of(opened.document, request->api->conf.review, request);
	if (!c->vu)
		return member_refuse(request, "vu", "Es fehlt die VU-Nummer des Versicherers.",
				     "is missing: the insurer's register number");
	if (!c->line)
		c->line = talloc_strdup(request, opened.document->transfer.line);
	return true;
}

static enum handled create(struct request *request)
{
	struct contract contract = { 0 };
	struct decision decision;
	const json_t *fields;

	if (!common_read(&decision, request,
			 "version,contract,alias,alias_scope,also,note,confirm") ||
	    !alias_read(&decision, request) || !confirm_read(&decision, request))
		return HANDLED;
	fields = json_object_get(request->json, "contract");
	if (!json_is_object(fields)) {
		problem_german(request, PROBLEM_CONTENT, NULL, "Es fehlen die Angaben zum Vertrag.",
			       "contract is missing");
		return HANDLED;
	}
	decision.created = &contract;
	if (created_read(&contract, request, fields) && created_complete(&contract, request))
		act(request, queue_create, &decision);
	return HANDLED;
}

/* It takes back the decision that he saw, never one that a colleague made since. */
static enum handled undo(struct request *request)
{
	struct decision decision;

	if (common_read(&decision, request, "version,note"))
		act(request, queue_undo, &decision);
	return HANDLED;
}

#define DECISION(name, handle)                                                                     \
	{                                                                                          \
		"POST", "/api/v1/documents/{document}/" name, SCOPE_DECISIONS, "", BODY_MOST,      \
			handle                                                                     \
	}

static const struct route routes[] = {
	DECISION("assign", assign),     DECISION("ignore", ignore),
	DECISION("postpone", postpone), DECISION("hand-over", hand_over),
	DECISION("undo", undo),         DECISION("contract", create),
};

const struct route_table route_decisions = { routes, sizeof routes / sizeof *routes };
