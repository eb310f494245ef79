#include "events/attachment.h"

#include <string.h>

#include "base/text.h"
#include "events/announce.h"
#include "events/collapse.h"

static const char *const states[ATTACHMENT_STATES] = {
	[ATTACHMENT_WAITING] = "waiting",       [ATTACHMENT_RELEASED] = "released",
	[ATTACHMENT_WITHHELD] = "withheld",     [ATTACHMENT_WITHDRAWN] = "withdrawn",
	[ATTACHMENT_SUPERSEDED] = "superseded",
};

const char *attachment_state_text(enum attachment_state state)
{
	return states[state];
}

bool attachment_state_of(enum attachment_state *state, const char *text)
{
	for (int i = 0; i < ATTACHMENT_STATES; i++)
		if (text && !strcmp(states[i], text)) {
			*state = (enum attachment_state)i;
			return true;
		}
	return false;
}

/* ---- what is at hand ---- */

static int attachment_free(struct attachment *a)
{
	json_decref(a->notice);
	return 0;
}

struct attachment *attachment_new(const char *document_id, const char *id, json_t *notice,
				  TALLOC_CTX *mem)
{
	struct attachment *a = talloc_zero(mem, struct attachment);

	a->document_id = talloc_strdup(a, document_id);
	a->id = talloc_strdup(a, id);
	a->notice = json_incref(notice);
	a->due_ms = NEVER_DUE;
	a->before = -1;
	talloc_set_destructor(a, attachment_free);
	return a;
}

static int releasing_free(struct releasing *r)
{
	json_decref(r->newest);
	json_decref(r->events);
	return 0;
}

struct releasing *releasing_new(const char *broker, const struct policy *policy, TALLOC_CTX *mem)
{
	struct releasing *r = talloc_zero(mem, struct releasing);

	r->broker = broker;
	r->policy = policy;
	r->newest = json_object();
	r->events = json_array();
	talloc_set_destructor(r, releasing_free);
	return r;
}

static int newest_of(const struct releasing *r, const char *document_id)
{
	const json_t *index = json_object_get(r->newest, document_id);

	return index ? (int)json_integer_value(index) : -1;
}

void releasing_put(struct releasing *r, struct attachment *a)
{
	if (!(r->count & (r->count - 1))) /* room for 1, 2, 4, 8 ... */
		r->all = talloc_realloc(r, r->all, struct attachment *,
					r->count ? 2 * (size_t)r->count : 1);
	a->before = newest_of(r, a->document_id);
	r->all[r->count] = talloc_steal(r, a);
	json_object_set_new(r->newest, a->document_id, json_integer(r->count));
	r->count++;
}

static struct attachment *attachment_find(const struct releasing *r, const struct news *n)
{
	for (int i = newest_of(r, n->document_id); i >= 0; i = r->all[i]->before)
		if (!strcmp(r->all[i]->id, n->id))
			return r->all[i];
	return NULL;
}

static bool lives(const struct attachment *a)
{
	return a->state == ATTACHMENT_WAITING || a->state == ATTACHMENT_RELEASED ||
	       a->state == ATTACHMENT_WITHHELD;
}

struct attachment *releasing_live(const struct releasing *r, const char *document_id)
{
	for (int i = newest_of(r, document_id); i >= 0; i = r->all[i]->before)
		if (lives(r->all[i]))
			return r->all[i];
	return NULL;
}

struct attachment *releasing_live_before(const struct releasing *r, const struct attachment *a)
{
	for (int i = a->before; i >= 0; i = r->all[i]->before)
		if (lives(r->all[i]))
			return r->all[i];
	return NULL;
}

/* Where the document lies at this contract. */
static struct attachment *live_at(const struct releasing *r, const struct news *n)
{
	struct attachment *a = releasing_live(r, n->document_id);

	while (a && !text_equal(a->contract_id, n->contract_id))
		a = releasing_live_before(r, a);
	return a;
}

static struct attachment *attachment_add(struct releasing *r, const struct news *n)
{
	struct attachment *a = attachment_new(n->document_id, n->id, n->data, r);

	a->position = n->position;
	a->attached_ms = n->occurred_ms;
	a->contract_id = talloc_strdup(a, n->contract_id);
	a->customer_id = talloc_strdup(a, n->customer_id);
	a->contract_customer = a->customer_id;
	a->recorded = talloc_strdup(a, n->recorded);
	a->document_line = talloc_strdup(a, n->document_line);
	a->contract_line = talloc_strdup(a, n->contract_line);
	a->vu = talloc_strdup(a, n->vu);
	a->changed = true;
	releasing_put(r, a);
	return a;
}

/* ---- states ---- */

static void stand(struct attachment *a, enum attachment_state state, int64_t due_ms)
{
	a->changed = a->changed || a->state != state || a->due_ms != due_ms;
	a->state = state;
	a->due_ms = due_ms;
}

static const char *said(const struct attachment *a, const char *member)
{
	return json_string_value(json_object_get(a->notice, member));
}

static struct ruling ruling_of(const struct releasing *r, const struct attachment *a)
{
	const struct release_subject subject = {
		.category = said(a, "category"),
		.business_case = said(a, "business_case"),
		.issuer = said(a, "insurer"),
		.customer = a->customer_id,
		.tier = said(a, "tier"),
	};

	return policy_ruling(r->policy, &subject);
}

/* When the hold-back began: with the attachment, or when the contract changed hands while it ran. */
static int64_t hold_from(const struct attachment *a)
{
	int64_t from_ms = a->due_ms == NEVER_DUE ? 0 : a->due_ms - (int64_t)a->hold_s * 1000;

	return from_ms > a->attached_ms ? from_ms : a->attached_ms;
}

static void ruling_apply_from(struct attachment *a, const struct ruling *ruling, int64_t from_ms)
{
	int64_t due_ms = from_ms + (int64_t)ruling->hold_s * 1000;

	if (!text_equal(a->rule, ruling->rule) || a->hold_s != ruling->hold_s) {
		a->rule = talloc_strdup(a, ruling->rule);
		a->hold_s = ruling->hold_s;
		a->changed = true;
	}
	stand(a, ruling->verb == RELEASE_NEVER ? ATTACHMENT_WITHHELD : ATTACHMENT_WAITING,
	      ruling->verb == RELEASE_AUTO ? due_ms : NEVER_DUE);
}

static void ruling_apply(struct attachment *a, const struct ruling *ruling)
{
	ruling_apply_from(a, ruling, hold_from(a));
}

/* Nobody was told yet: it is for the contract's customer of now. True: that is another one than before. */
static bool customer_renew(struct attachment *a)
{
	if (text_equal(a->customer_id, a->contract_customer))
		return false;
	a->customer_id = a->contract_customer;
	a->changed = true;
	return true;
}

/* Steals data. cause: the event from which this one follows. */
static void tell(struct releasing *r, const struct attachment *a, const char *cause,
		 const char *type, json_t *data)
{
	json_t *row = event_row(type, "customer", a->customer_id, data);
	const json_t *shipment = json_object_get(a->notice, "shipment");
	const char *connection = json_string_value(json_object_get(shipment, "connection"));
	const char *id = json_string_value(json_object_get(shipment, "id"));
	char key[COLLAPSE_KEY_SIZE];

	json_object_set_new(row, "causationid", json_string(cause));
	if (connection && id)
		json_object_set_new(
			row, "correlationid",
			json_string(correlation_key(key, r->policy->secret, connection, id)));
	if (a->recorded)
		json_object_set_new(row, "recordedtime", json_string(a->recorded));
	json_array_append_new(r->events, row);
}

static void release(struct releasing *r, struct attachment *a)
{
	struct announcement announcement = announcement_of(a);

	a->collapse_key = announce_key(r, a, &announcement);
	a->released_ms = r->policy->now_ms;
	stand(a, ATTACHMENT_RELEASED, NEVER_DUE);
	tell(r, a, a->id, EVENT_DOCUMENT_RELEASED, announce_release(r, a, &announcement));
	if (announcement.event_type)
		tell(r, a, a->id, announcement.event_type, announce_release(r, a, &announcement));
}

static void withdraw(struct releasing *r, struct attachment *a, const char *cause,
		     enum attachment_state state)
{
	tell(r, a, cause, EVENT_DOCUMENT_WITHDRAWN, announce_withdrawal(r, a));
	stand(a, state, NEVER_DUE);
}

/* ---- moves ---- */

static bool moves_within_customer(const struct attachment *a, const struct news *next)
{
	return next && next->attached && a->customer_id &&
	       text_equal(a->customer_id, next->customer_id);
}

/* What holds for a document goes with it from one contract of a customer to the other. */
static struct attachment *follow(struct releasing *r, const struct attachment *a,
				 const struct news *next, enum attachment_state state)
{
	struct attachment *there = attachment_find(r, next);

	if (there)
		return there;
	there = attachment_add(r, next);
	there->rule = state == ATTACHMENT_RELEASED ? "reassigned" : "person";
	there->decided_by = talloc_strdup(there, a->decided_by);
	there->note = talloc_strdup(there, a->note);
	there->collapse_key = talloc_strdup(there, a->collapse_key);
	there->released_ms = a->released_ms;
	stand(there, state, NEVER_DUE);
	return there;
}

/* n: the event that says so; next: what comes of the document then, NULL: nothing is known of */
static void leave(struct releasing *r, struct attachment *a, const struct news *n,
		  const struct news *next)
{
	bool released = a->state == ATTACHMENT_RELEASED;
	struct attachment *there;
	bool same_customer;

	if (!released)
		customer_renew(a);
	same_customer = moves_within_customer(a, next);
	if (released && !same_customer) {
		withdraw(r, a, n->id, ATTACHMENT_WITHDRAWN);
		return;
	}
	if (released) {
		there = follow(r, a, next, ATTACHMENT_RELEASED);
		tell(r, there, there->id, EVENT_DOCUMENT_REASSIGNED,
		     announce_move(r, there, a->contract_id));
	} else if (same_customer && a->state == ATTACHMENT_WITHHELD && a->decided_by) {
		follow(r, a, next, ATTACHMENT_WITHHELD);
	}
	stand(a, ATTACHMENT_SUPERSEDED, NEVER_DUE);
}

/* One that is still elsewhere has left there, whether anybody said so or not, unless it lies at several contracts. */
static void leave_elsewhere(struct releasing *r, const struct news *n)
{
	struct attachment *a, *next;

	if (json_is_true(json_object_get(n->data, "collective")))
		return;
	for (a = releasing_live(r, n->document_id); a; a = next) {
		next = releasing_live_before(r, a);
		leave(r, a, n, n);
	}
}

static void hear_attached(struct releasing *r, const struct news *n)
{
	struct attachment *a = attachment_find(r, n);
	struct ruling ruling;

	if (!a) {
		leave_elsewhere(r, n);
		a = attachment_find(r, n);
	}
	if (a) {
		a->changed = a->changed || a->position != n->position;
		a->position = n->position;
		return;
	}
	a = attachment_add(r, n);
	ruling = ruling_of(r, a);
	ruling_apply(a, &ruling);
}

/* A detachment speaks of the attachment before it, at the same contract. */
static void hear_detached(struct releasing *r, const struct news *n, const struct news *next)
{
	struct attachment *a = live_at(r, n);

	if (a && a->position && a->position < n->position)
		leave(r, a, n, next);
}

static const struct news *next_of(const struct news *n, const struct news *end)
{
	for (const struct news *next = n + 1; next < end; next++)
		if (!strcmp(next->document_id, n->document_id))
			return next;
	return NULL;
}

void releasing_hear(struct releasing *r, const struct news *news, int count)
{
	for (int i = 0; i < count && news[i].position; i++) {
		if (news[i].attached)
			hear_attached(r, &news[i]);
		else
			hear_detached(r, &news[i], next_of(&news[i], news + count));
	}
}

/* The hold-back must have ended before what has not been heard: there, an undo may lie that came in time. */
static bool is_due(const struct releasing *r, const struct attachment *a)
{
	return a->state == ATTACHMENT_WAITING && a->due_ms != NEVER_DUE &&
	       (!a->hold_s || a->due_ms <= r->policy->heard_ms);
}

static void take_due(struct releasing *r, struct attachment *a)
{
	bool renewed = customer_renew(a);
	struct ruling ruling = ruling_of(r, a);

	if (renewed)
		ruling_apply_from(a, &ruling, r->policy->now_ms);
	else if (ruling.verb != RELEASE_AUTO)
		ruling_apply(a, &ruling);
	if (is_due(r, a))
		release(r, a);
}

void releasing_due(struct releasing *r)
{
	for (int i = 0; i < r->count; i++) {
		if (is_due(r, r->all[i]))
			take_due(r, r->all[i]);
	}
}

void releasing_reconsider(struct releasing *r)
{
	for (int i = 0; i < r->count; i++) {
		struct attachment *a = r->all[i];
		struct ruling ruling;
		int64_t from_ms;

		if (a->decided_by ||
		    (a->state != ATTACHMENT_WAITING && a->state != ATTACHMENT_WITHHELD))
			continue;
		from_ms = customer_renew(a) ? r->policy->now_ms : hold_from(a);
		ruling = ruling_of(r, a);
		ruling_apply_from(a, &ruling, from_ms);
	}
}

/* ---- people ---- */

static void decide(struct attachment *a, const char *by, const char *note)
{
	a->rule = "person";
	a->decided_by = talloc_strdup(a, by);
	a->note = talloc_strdup(a, note);
	a->changed = true;
}

bool releasing_give(struct releasing *r, struct attachment *a, const char *by, struct err *e)
{
	if (a->state == ATTACHMENT_RELEASED)
		return err_set(e, ERR_REFUSED, "the customer was told of this document already");
	if (!business_class_for_customers(catalogue_class(said(a, "category"))))
		return err_set(e, ERR_REFUSED, "a document of category %s is not for customers",
			       said(a, "category"));
	customer_renew(a);
	if (text_empty(a->customer_id))
		return err_set(e, ERR_REFUSED, "the contract names no customer who could be told");
	decide(a, by, NULL);
	release(r, a);
	return true;
}

bool releasing_withhold(struct releasing *r, struct attachment *a, const char *by, const char *note,
			struct err *e)
{
	if (a->state == ATTACHMENT_WITHHELD && a->decided_by)
		return err_set(e, ERR_REFUSED, "the document is withheld already, by %s",
			       a->decided_by);
	decide(a, by, note);
	if (a->state == ATTACHMENT_RELEASED)
		withdraw(r, a, a->id, ATTACHMENT_WITHHELD);
	else
		stand(a, ATTACHMENT_WITHHELD, NEVER_DUE);
	return true;
}
