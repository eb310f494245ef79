/* body.c -- the body of a request as JSON, and its members one by one (api/request.h). */
#include <inttypes.h>
#include <string.h>
#include <strings.h>

#include "api/problem.h"
#include "api/request.h"
#include "base/text.h"

#define SHOWN_MOST 40

struct held {
	json_t *json;
};

static int held_drop(struct held *held)
{
	json_decref(held->json);
	return 0;
}

/* The media type without its parameters. */
static bool is_json(const struct request *request)
{
	const char *type = request_header(request, "Content-Type");
	size_t len = type ? strcspn(type, "; \t") : 0;

	return len == strlen("application/json") && !strncasecmp(type, "application/json", len);
}

static bool listed(const char *names, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = names; len && *at; at += *at == ',') {
		size_t word = strcspn(at, ",");

		if (word == len && !memcmp(at, name, len))
			return true;
		at += word;
	}
	return false;
}

static bool members_known(struct request *request, json_t *body, const char *members)
{
	const char *name;
	json_t *value;

	json_object_foreach(body, name, value) if (!listed(members, name)) return problem_more(
		request, PROBLEM_CONTENT, json_pack("{s:s}", "member", name),
		"the member %s is not known here; expected %s",
		text_shown(name, SHOWN_MOST, request), *members ? members : "none");
	return true;
}

json_t *request_json(struct request *request, const char *members)
{
	struct held *held = talloc_zero(request, struct held);
	json_error_t why;

	talloc_set_destructor(held, held_drop);
	if (!is_json(request)) {
		problem(request, PROBLEM_MEDIA_TYPE_NOT, "expected a body of application/json");
		return NULL;
	}
	held->json = json_loadb(request->body, request->len, JSON_REJECT_DUPLICATES, &why);
	if (!held->json)
		problem(request, PROBLEM_MALFORMED, "the body is no JSON: line %d, column %d",
			why.line, why.column);
	else if (!json_is_object(held->json))
		problem(request, PROBLEM_CONTENT, "the body is no JSON object");
	else if (members_known(request, held->json, members))
		request->json = held->json;
	return request->json;
}

/* ---- members ---- */

static bool refuse(struct request *request, const char *name, const char *expected)
{
	return problem_more(request, PROBLEM_CONTENT, json_pack("{s:s}", "member", name),
			    "%s: expected %s", name, expected);
}

static const json_t *member(const struct request *request, const char *name)
{
	const json_t *value = json_object_get(request->json, name);

	return json_is_null(value) ? NULL : value;
}

/* Of 1 to most bytes, nothing that a terminal or a log would obey. */
static bool fits(const char *text, size_t most)
{
	size_t len = strlen(text);

	for (const char *c = text; *c; c++)
		if ((unsigned char)*c == 0x7f ||
		    ((unsigned char)*c < ' ' && *c != '\n' && *c != '\t'))
			return false;
	return len && len <= most && text_valid_utf8(text, len);
}

static bool refuse_text(struct request *request, const char *name, size_t most)
{
	return refuse(request, name,
		      talloc_asprintf(request,
				      "a text of 1 to %zu bytes without control characters", most));
}

bool json_take_text(const char **value, struct request *request, const char *name, enum need need,
		    size_t most)
{
	const json_t *given = member(request, name);

	*value = NULL;
	if (!given || (json_is_string(given) && !json_string_length(given)))
		return need == MAY || refuse_text(request, name, most);
	if (!json_is_string(given) || !fits(json_string_value(given), most))
		return refuse_text(request, name, most);
	*value = json_string_value(given);
	return true;
}

bool json_take_number(int64_t *value, struct request *request, const char *name, int64_t least,
		      int64_t most, int64_t otherwise)
{
	const json_t *given = member(request, name);

	*value = given ? json_integer_value(given) : otherwise;
	if (!given || (json_is_integer(given) && *value >= least && *value <= most))
		return true;
	return refuse(request, name,
		      talloc_asprintf(request, "a whole number from %" PRId64 " to %" PRId64, least,
				      most));
}

bool json_take_flag(bool *value, struct request *request, const char *name, bool otherwise)
{
	const json_t *given = member(request, name);

	*value = given ? json_is_true(given) : otherwise;
	return !given || json_is_boolean(given) || refuse(request, name, "true or false");
}

bool json_take_texts(const char ***values, struct request *request, const char *name,
		     enum need need, size_t count_most, size_t most)
{
	const json_t *given = member(request, name);
	size_t count = json_array_size(given);

	*values = talloc_zero_array(request, const char *, count + 1);
	if (!given && need == MAY)
		return true;
	if (!json_is_array(given) || count > count_most || (need == MUST && !count))
		return refuse(request, name,
			      talloc_asprintf(request, "a list of at most %zu texts", count_most));
	for (size_t i = 0; i < count; i++) {
		(*values)[i] = json_string_value(json_array_get(given, i));
		if (!(*values)[i] || !fits((*values)[i], most))
			return refuse_text(request, name, most);
	}
	return true;
}
