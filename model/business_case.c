#include "model/business_case.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static const struct business_case cases[] = {
#define GEVO(code, class, group, meaning) { code, CLASS_##class, group, meaning },
#include "model/business_cases.def"
#undef GEVO
};

static const struct {
	const char *text;
	bool for_customers;
} classes[CLASSES] = {
	[CLASS_OTHER] = { "other", true },
	[CLASS_APPLICATION] = { "application", true },
	[CLASS_POLICY] = { "policy", true },
	[CLASS_AMENDMENT] = { "amendment", true },
	[CLASS_PARTNER_CHANGE] = { "partner_change", true },
	[CLASS_INVOICE] = { "invoice", true },
	[CLASS_DUNNING] = { "dunning", true },
	[CLASS_COLLECTION] = { "collection", true },
	[CLASS_CLAIM] = { "claim", true },
	[CLASS_CANCELLATION] = { "cancellation", true },
	[CLASS_LEGAL] = { "legal", true },
	[CLASS_KEY_CHANGE] = { "key_change", true },
	[CLASS_INFORMATION] = { "information", true },
	[CLASS_INQUIRY] = { "inquiry", true },
	[CLASS_COMPLAINT] = { "complaint", true },
	[CLASS_CAMPAIGN] = { "campaign", true },
	[CLASS_MOTOR_CONFIRMATION] = { "motor_confirmation", true },
	[CLASS_MANDATE] = { "mandate", false },
	[CLASS_SETTLEMENT] = { "settlement", false },
	[CLASS_GDV_STOCK] = { "gdv_stock", false },
	[CLASS_GDV_DATA] = { "gdv_data", false },
};

const char *business_class_text(enum business_class class)
{
	return classes[class].text;
}

bool business_class_for_customers(enum business_class class)
{
	return classes[class].for_customers;
}

/* Nine digits, else 0: no code begins with 000. */
static int code_of(const char *text)
{
	if (!text || strlen(text) != 9 || strspn(text, "0123456789") != 9)
		return 0;
	return (int)strtol(text, NULL, 10);
}

static int by_code(const void *a, const void *b)
{
	return *(const int *)a - ((const struct business_case *)b)->code;
}

static const struct business_case *row_of(int code)
{
	return bsearch(&code, cases, sizeof cases / sizeof *cases, sizeof *cases, by_code);
}

const struct business_case *business_case_find(const char *text)
{
	int code = code_of(text);
	const struct business_case *row;

	if (!code)
		return NULL;
	if ((row = row_of(code)) || (row = row_of(code / 1000 * 1000)))
		return row;
	return row_of(code / 1000000 * 1000000);
}

/* ArtDerLieferung 2401..2404: settlements and questions about them. */
static bool settlement_kind(const char *kind)
{
	return kind && strlen(kind) == 4 && !strncmp(kind, "240", 3) && kind[3] >= '1' &&
	       kind[3] <= '4';
}

enum business_class business_class_of(const char *business_case, const char *category,
				      const char *kind)
{
	const struct business_case *own = business_case_find(business_case);
	const struct business_case *listed = business_case_find(category);

	if (own && !business_class_for_customers(own->class))
		return own->class;
	if (listed && !business_class_for_customers(listed->class))
		return listed->class;
	if (settlement_kind(kind))
		return CLASS_SETTLEMENT;
	if (own)
		return own->class;
	return listed ? listed->class : CLASS_OTHER;
}
