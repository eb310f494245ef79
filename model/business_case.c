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
	const char *english, *words;
} classes[CLASSES] = {
	[CLASS_OTHER] = { "other", true, "other", "Sonstiges" },
	[CLASS_APPLICATION] = { "application", true, "application", "Antrag" },
	[CLASS_POLICY] = { "policy", true, "policy", "Police" },
	[CLASS_AMENDMENT] = { "amendment", true, "endorsement", "Nachtrag, Änderung" },
	[CLASS_PARTNER_CHANGE] = { "partner_change", true, "change of the partner's data",
				   "Änderung der Partnerdaten" },
	[CLASS_INVOICE] = { "invoice", true, "invoice", "Rechnung" },
	[CLASS_DUNNING] = { "dunning", true, "reminder of payment", "Mahnung" },
	[CLASS_COLLECTION] = { "collection", true, "payment and collection",
			       "Zahlung und Inkasso" },
	[CLASS_CLAIM] = { "claim", true, "claim", "Schaden" },
	[CLASS_CANCELLATION] = { "cancellation", true, "cancellation", "Kündigung, Storno" },
	[CLASS_LEGAL] = { "legal", true, "legal change", "Rechtsänderung" },
	[CLASS_KEY_CHANGE] = { "key_change", true, "change of number or carrier",
			       "Änderung von Nummer oder Träger" },
	[CLASS_INFORMATION] = { "information", true, "information", "Information" },
	[CLASS_INQUIRY] = { "inquiry", true, "inquiry", "Rückfrage" },
	[CLASS_COMPLAINT] = { "complaint", true, "complaint", "Beschwerde" },
	[CLASS_CAMPAIGN] = { "campaign", true, "campaign", "Aktion" },
	[CLASS_MOTOR_CONFIRMATION] = { "motor_confirmation", true,
				       "motor insurance confirmation (eVB)",
				       "Versicherungsbestätigung (eVB)" },
	[CLASS_MANDATE] = { "mandate", false, "broker's mandate", "Maklermandat" },
	[CLASS_SETTLEMENT] = { "settlement", false, "commission settlement", "Abrechnung" },
	[CLASS_GDV_STOCK] = { "gdv_stock", false, "stock data (GDV)", "Bestandsdaten (GDV)" },
	[CLASS_GDV_DATA] = { "gdv_data", false, "other GDV data", "sonstige GDV-Daten" },
};

const char *business_class_text(enum business_class class)
{
	return classes[class].text;
}

const char *business_class_in_words(enum business_class class)
{
	return classes[class].words;
}

const char *business_class_in_english(enum business_class class)
{
	return classes[class].english;
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
