#include "events/announce.h"

#include "events/collapse.h"

static const char *said(const struct attachment *a, const char *member)
{
	return json_string_value(json_object_get(a->notice, member));
}

struct announcement announcement_of(const struct attachment *a)
{
	return catalogue_announcement(catalogue_class(said(a, "category")),
				      said(a, "business_case"), a->document_line, a->contract_line,
				      a->vu);
}

const char *announce_key(const struct releasing *r, struct attachment *a,
			 const struct announcement *announcement)
{
	char key[COLLAPSE_KEY_SIZE];

	return talloc_strdup(a, collapse_key(key, r->policy->secret, a->customer_id,
					     announcement->category, r->policy->day));
}

static void put(json_t *data, const char *member, const char *text)
{
	if (text)
		json_object_set_new(data, member, json_string(text));
}

static void put_copy(json_t *data, const char *member, const struct attachment *a)
{
	json_t *value = json_object_get(a->notice, member);

	if (value)
		json_object_set(data, member, value);
}

static json_t *release_of(const struct attachment *a)
{
	int64_t held_ms = a->released_ms - a->attached_ms;

	return json_pack("{s:s, s:I}", "rule", a->rule, "held_s",
			 (json_int_t)(held_ms > 0 ? held_ms / 1000 : 0));
}

/* What all of them say. */
static json_t *data_of(const struct releasing *r, const struct attachment *a,
		       const struct announcement *as)
{
	json_t *data = json_object();

	put(data, "broker", r->broker);
	put(data, "customer_id", a->customer_id);
	put(data, "contract_id", a->contract_id);
	put(data, "document_id", a->document_id);
	put_copy(data, "insurer", a);
	put(data, "category", as->category);
	put(data, "business_case", as->business_case);
	put_copy(data, "media_type", a);
	put(data, "sentiment", as->sentiment);
	put(data, "latency_class", as->latency_class);
	json_object_set_new(data, "special_category", json_boolean(as->special));
	put(data, "text_key", as->text_key);
	put_copy(data, "tier", a);
	put(data, "collapse_key", a->collapse_key);
	json_object_set_new(data, "ttl_s", json_integer(as->ttl_s));
	put(data, "urgency", as->urgency);
	json_object_set_new(data, "dataref", json_sprintf("/documents/%s", a->document_id));
	json_object_set_new(data, "release", release_of(a));
	return data;
}

json_t *announce_release(const struct releasing *r, const struct attachment *a,
			 const struct announcement *announcement)
{
	return data_of(r, a, announcement);
}

/* A correction takes the place of the notice that it corrects, and what lies there is not for the customer any more. */
static json_t *correction_of(const struct releasing *r, const struct attachment *a,
			     const char *text_key)
{
	struct announcement as = announcement_of(a);

	as.sentiment = "neutral";
	as.latency_class = "immediate";
	as.urgency = "high";
	as.text_key = text_key;
	return data_of(r, a, &as);
}

json_t *announce_withdrawal(const struct releasing *r, const struct attachment *a)
{
	json_t *data = correction_of(r, a, "push.withdrawn");

	json_object_del(data, "dataref");
	return data;
}

json_t *announce_move(const struct releasing *r, const struct attachment *a,
		      const char *from_contract)
{
	json_t *data = correction_of(r, a, "push.reassigned");

	put(data, "from_contract_id", from_contract);
	return data;
}
