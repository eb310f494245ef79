/*
 * schema_words.c -- our words for libxml2's codes. Its sentences quote what stands in the answer, which may name persons; taken
 * from them is only what the schema itself says, from places where no value can stand.
 */
#include <libxml/xmlerror.h>
#include <string.h>

#include "ingest/schema_parts.h"

static const struct rule {
	int code;
	const char *words;
} rules[] = {
	{ XML_SCHEMAV_CVC_ELT_1, "the schemas declare no such element" },
	{ XML_SCHEMAV_CVC_ELT_2, "is abstract, must not stand itself" },
	{ XML_SCHEMAV_CVC_ELT_3_1, "has xsi:nil, which is not allowed here" },
	{ XML_SCHEMAV_CVC_ELT_3_2_1, "has content, though xsi:nil says it has none" },
	{ XML_SCHEMAV_CVC_ELT_3_2_2, "has xsi:nil, though its value is fixed" },
	{ XML_SCHEMAV_CVC_ELT_4_1, "has an xsi:type that cannot be read" },
	{ XML_SCHEMAV_CVC_ELT_4_2, "has an xsi:type that the schemas do not know" },
	{ XML_SCHEMAV_CVC_ELT_4_3, "has an xsi:type that does not belong here" },
	{ XML_SCHEMAV_CVC_ELT_5_2_2_1, "has elements, though its value is fixed" },
	{ XML_SCHEMAV_CVC_ELT_5_2_2_2_1, "is not the fixed value" },
	{ XML_SCHEMAV_CVC_ELT_5_2_2_2_2, "is not the fixed value" },
	{ XML_SCHEMAV_CVC_TYPE_1, "has no type" },
	{ XML_SCHEMAV_CVC_TYPE_2, "has an abstract type: an xsi:type is missing" },
	{ XML_SCHEMAV_CVC_TYPE_3_1_1, "has an attribute, though its type has none" },
	{ XML_SCHEMAV_CVC_TYPE_3_1_2, "has elements, expected text only" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_2_1, "has content, expected none" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_2_2, "has elements, expected text only" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_2_3, "has text, expected elements only" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_2_4, "has content that is not allowed" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_3_1, "is an attribute that is not the fixed value" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_1, "is an attribute that is not allowed" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_3_2_2, "is an attribute that is not allowed" },
	{ XML_SCHEMAV_CVC_COMPLEX_TYPE_4, "is an attribute that is missing" },
	{ XML_SCHEMAV_CVC_ATTRIBUTE_1, "is an attribute without a declaration" },
	{ XML_SCHEMAV_CVC_ATTRIBUTE_2, "is an attribute without a type" },
	{ XML_SCHEMAV_CVC_ATTRIBUTE_3, "is not of its type" },
	{ XML_SCHEMAV_CVC_ATTRIBUTE_4, "is not the fixed value" },
	{ XML_SCHEMAV_CVC_AU, "is not the fixed value" },
	{ XML_SCHEMAV_CVC_WILDCARD, "is of a namespace that is not allowed here" },
	{ XML_SCHEMAV_CVC_IDC, "is there twice, or is referred to and not there" },
	{ XML_SCHEMAV_DOCUMENT_ELEMENT_MISSING, "there is no element in the soap:Body" },
	{ XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1, "is not of its type" },
	{ XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_2, "is not a list of its type" },
	{ XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3, "is of none of its types" },
	{ XML_SCHEMAV_CVC_LENGTH_VALID, "does not have the length of its type" },
	{ XML_SCHEMAV_CVC_MINLENGTH_VALID, "is shorter than its type allows" },
	{ XML_SCHEMAV_CVC_MAXLENGTH_VALID, "is longer than its type allows" },
	{ XML_SCHEMAV_CVC_MININCLUSIVE_VALID, "is less than its type allows" },
	{ XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, "is less than its type allows" },
	{ XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID, "is more than its type allows" },
	{ XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID, "is more than its type allows" },
	{ XML_SCHEMAV_CVC_TOTALDIGITS_VALID, "has more digits than its type allows" },
	{ XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID, "has more decimals than its type allows" },
	{ XML_SCHEMAV_CVC_PATTERN_VALID, "does not have the form of its type" },
	{ XML_SCHEMAV_CVC_ENUMERATION_VALID, "is none of the values that its type allows" },
	{ XML_SCHEMAV_CVC_FACET_VALID, "breaks a limit of its type" },
};

const char *schema_rule_words(int code, const char *message)
{
	if (code == XML_SCHEMAV_ELEMENT_CONTENT)
		return strstr(message, ": Missing child element(s).") ? "lacks an element"
								      : "is not expected here";
	for (size_t i = 0; i < sizeof rules / sizeof *rules; i++)
		if (rules[i].code == code)
			return rules[i].words;
	return "breaks another rule of the schemas";
}

/* ---- what the schema says ---- */

static bool name_byte(char c)
{
	return (unsigned char)c >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || strchr("._-:", c);
}

/* "... type '{namespace}NAME'." at the very end, behind any value: a local type has no name there. */
static char *type_at_end(const char *message, TALLOC_CTX *mem)
{
	static const char before[] = " type '";
	size_t len = strlen(message);
	const char *end, *start, *brace;

	while (len && message[len - 1] == '\n')
		len--;
	if (len < 2 || memcmp(message + len - 2, "'.", 2) != 0)
		return talloc_strdup(mem, "");
	end = message + len - 2;
	for (start = end; start > message && name_byte(start[-1]); start--)
		;
	brace = start;
	if (start > message &&
	    start[-1] == '}') /* a namespace of the schema's: no quotation mark in it */
		for (brace = start - 1; brace > message && *brace != '{' && *brace != '\''; brace--)
			;
	if (start == end || (size_t)(brace - message) < sizeof before - 1 ||
	    memcmp(brace - (sizeof before - 1), before, sizeof before - 1) != 0)
		return talloc_strdup(mem, "");
	return talloc_asprintf(mem, "%.*s", (int)(end - start), start);
}

/* "Expected is one of ( {namespace}a, {namespace}b )." becomes "expected a, b". Behind the last such words, for no value stands
 * in this sentence, but an element's own namespace might say them, too. */
static char *expected(const char *message, TALLOC_CTX *mem)
{
	static const char words[] = " Expected is ";
	const char *from = NULL, *next = message;
	char *list = talloc_strdup(mem, "");
	bool in_namespace = false;

	while ((next = strstr(next, words)))
		from = next += sizeof words - 1;
	from = from ? strchr(from, '(') : NULL;
	for (const char *p = from ? from + 1 : ""; *p && *p != ')'; p++) {
		in_namespace |= *p == '{';
		if (!in_namespace && (*p != ' ' || (*list && p[1] != ')')))
			list = talloc_asprintf_append_buffer(list, "%c", *p);
		in_namespace &= *p != '}';
	}
	return *list ? talloc_asprintf(mem, "expected %s", list) : list;
}

/* A limit stands at the end of the sentence, behind any value: the last of these words are libxml2's own. */
static const struct limit {
	int code;
	const char *before, *behind; /* in libxml2's sentence */
	const char *lead, *trail;    /* in ours */
} limits[] = {
	{ XML_SCHEMAV_CVC_LENGTH_VALID, "differs from the allowed length of '", "'.", "length ",
	  "" },
	{ XML_SCHEMAV_CVC_MINLENGTH_VALID, "underruns the allowed minimum length of '", "'.", "",
	  " at least" },
	{ XML_SCHEMAV_CVC_MAXLENGTH_VALID, "exceeds the allowed maximum length of '", "'.", "",
	  " at most" },
	{ XML_SCHEMAV_CVC_MININCLUSIVE_VALID, "is less than the minimum value allowed ('", "').",
	  "", " at least" },
	{ XML_SCHEMAV_CVC_MAXINCLUSIVE_VALID, "is greater than the maximum value allowed ('", "').",
	  "", " at most" },
	{ XML_SCHEMAV_CVC_MINEXCLUSIVE_VALID, "must be greater than '", "'.", "more than ", "" },
	{ XML_SCHEMAV_CVC_MAXEXCLUSIVE_VALID, "must be less than '", "'.", "less than ", "" },
	{ XML_SCHEMAV_CVC_TOTALDIGITS_VALID, "has more digits than are allowed ('", "').", "",
	  " at most" },
	{ XML_SCHEMAV_CVC_FRACTIONDIGITS_VALID, "has more fractional digits than are allowed ('",
	  "').", "", " at most" },
	{ XML_SCHEMAV_CVC_PATTERN_VALID, "is not accepted by the pattern '", "'.", "pattern ", "" },
	{ XML_SCHEMAV_CVC_ENUMERATION_VALID, "is not an element of the set {", "}.",
	  "expected one of ", "" },
};

static char *limit_at_end(const struct limit *limit, const char *message, TALLOC_CTX *mem)
{
	const char *from = NULL, *next = message;
	size_t behind = strlen(limit->behind), len;

	while ((next = strstr(next, limit->before)))
		from = next += strlen(limit->before);
	len = from ? strlen(from) : 0;
	while (len && from[len - 1] == '\n')
		len--;
	if (len < behind || memcmp(from + len - behind, limit->behind, behind) != 0)
		return talloc_strdup(mem, "");
	return talloc_asprintf(mem, "%s%.*s%s", limit->lead, (int)(len - behind), from,
			       limit->trail);
}

char *schema_rule_detail(int code, const char *message, TALLOC_CTX *mem)
{
	char *type;

	if (code == XML_SCHEMAV_ELEMENT_CONTENT)
		return expected(message, mem);
	for (size_t i = 0; i < sizeof limits / sizeof *limits; i++)
		if (limits[i].code == code)
			return limit_at_end(&limits[i], message, mem);
	if (code < XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_1 ||
	    code > XML_SCHEMAV_CVC_DATATYPE_VALID_1_2_3)
		return talloc_strdup(mem, "");
	type = type_at_end(message, mem);
	return *type ? talloc_asprintf(mem, "type %s", type) : type;
}

/* The name between p and the next quotation mark, without its namespace. */
static char *quoted_name(const char *p, TALLOC_CTX *mem)
{
	const char *end = strchr(p, '\'');

	for (const char *brace = p; end && brace < end; brace++)
		if (*brace == '}')
			p = brace + 1;
	return end ? talloc_strndup(mem, p, (size_t)(end - p)) : NULL;
}

/* The sentence begins: Element '{namespace}name', attribute '{namespace}name': */
char *schema_rule_attribute(int code, const char *message, TALLOC_CTX *mem)
{
	static const char element[] = "Element '", attribute[] = "', attribute '",
			  missing[] = "': The attribute '";
	const char *p = message;

	if (strncmp(p, element, sizeof element - 1) != 0)
		return NULL;
	p = strchr(p + sizeof element - 1, '\'');
	if (p && strncmp(p, attribute, sizeof attribute - 1) == 0)
		return quoted_name(p + sizeof attribute - 1, mem);
	if (p && code == XML_SCHEMAV_CVC_COMPLEX_TYPE_4 &&
	    strncmp(p, missing, sizeof missing - 1) == 0)
		return quoted_name(p + sizeof missing - 1, mem);
	return NULL;
}
