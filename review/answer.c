#include "review/answer.h"

#include "model/business_case.h"
#include "model/line.h"
#include "review/review.h"

/* ---- items ---- */

json_t *item_of(const struct rows *rows, int row)
{
	json_t *item = json_loads(rows_text(rows, row, "item"), 0, NULL);

	return item ? item : json_object();
}

json_t *insurer_json(const struct request *request, const char *issuer)
{
	const struct review *review = request->api->conf.review;
	const struct insurer *known = insurers_by_issuer(review->insurers, issuer);

	return json_pack("{s:s, s:s}", "key", issuer, "name", known ? known->name : issuer);
}

void insurer_named(json_t *item, const struct request *request)
{
	char *issuer = talloc_strdup(NULL, json_string_value(json_object_get(item, "insurer")));

	json_object_set_new(item, "insurer", insurer_json(request, issuer ? issuer : ""));
	talloc_free(issuer);
}

static json_t *name_or_null(const char *name)
{
	return name ? json_string(name) : json_null();
}

void line_named(json_t *item)
{
	const char *line = json_string_value(json_object_get(item, "line"));
	const char *english = line ? line_name(line, false) : NULL;
	const char *german = line ? line_name(line, true) : NULL;

	json_object_set_new(item, "line_name", name_or_null(english));
	json_object_set_new(item, "line_name_de", name_or_null(german));
}

json_t *class_json(const char *business_case, const char *category, const char *kind)
{
	enum business_class class = business_class_of(business_case, category, kind);

	return json_pack("{s:s, s:s, s:s}", "code", business_class_text(class), "words",
			 business_class_in_english(class), "words_de",
			 business_class_in_words(class));
}
