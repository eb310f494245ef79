#include "events/catalogue.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "model/event.h"
#include "model/line.h"

#define DAY  (24 * 60 * 60)
#define WEEK (7 * DAY)

static const char *const verbs[RELEASE_VERBS] = {
	[RELEASE_AUTO] = "auto",
	[RELEASE_ASK] = "ask",
	[RELEASE_NEVER] = "never",
};

#define NEUTRAL_TEXT "push.document"

/* One row a class. Mandates, settlements and GDV data are no documents for customers. */
static const struct kind {
	enum release_verb verb;
	const char *sentiment, *latency_class, *text_key, *urgency;
	int ttl_s;
} kinds[CLASSES] = {
	/* clang-format off */
	[CLASS_OTHER]              = { RELEASE_AUTO, "neutral", "same_day", NEUTRAL_TEXT, "normal", 2 * WEEK },
	[CLASS_APPLICATION]        = { RELEASE_AUTO, "neutral", "same_day", "push.application", "normal", 2 * WEEK },
	[CLASS_POLICY]             = { RELEASE_AUTO, "positive", "immediate", "push.policy", "normal", 4 * WEEK },
	[CLASS_AMENDMENT]          = { RELEASE_AUTO, "neutral", "same_day", "push.amendment", "normal", 4 * WEEK },
	[CLASS_PARTNER_CHANGE]     = { RELEASE_AUTO, "neutral", "digest", NEUTRAL_TEXT, "low", 2 * WEEK },
	[CLASS_INVOICE]            = { RELEASE_AUTO, "neutral", "immediate", "push.invoice", "normal", 2 * WEEK },
	[CLASS_DUNNING]            = { RELEASE_AUTO, "action_needed", "immediate", "push.dunning", "high", 2 * WEEK },
	[CLASS_COLLECTION]         = { RELEASE_AUTO, "neutral", "same_day", "push.collection", "normal", 2 * WEEK },
	[CLASS_CLAIM]              = { RELEASE_AUTO, "neutral", "immediate", "push.claim", "normal", 2 * WEEK },
	[CLASS_CANCELLATION]       = { RELEASE_AUTO, "neutral", "immediate", "push.cancellation", "normal", 4 * WEEK },
	[CLASS_LEGAL]              = { RELEASE_ASK, "neutral", "same_day", NEUTRAL_TEXT, "normal", 2 * WEEK },
	[CLASS_KEY_CHANGE]         = { RELEASE_ASK, "neutral", "digest", NEUTRAL_TEXT, "low", 2 * WEEK },
	[CLASS_INFORMATION]        = { RELEASE_ASK, "neutral", "digest", NEUTRAL_TEXT, "low", 2 * WEEK },
	[CLASS_INQUIRY]            = { RELEASE_ASK, "neutral", "same_day", NEUTRAL_TEXT, "normal", WEEK },
	[CLASS_COMPLAINT]          = { RELEASE_ASK, "neutral", "same_day", NEUTRAL_TEXT, "normal", WEEK },
	[CLASS_CAMPAIGN]           = { RELEASE_ASK, "neutral", "digest", NEUTRAL_TEXT, "very-low", WEEK },
	[CLASS_MOTOR_CONFIRMATION] = { RELEASE_AUTO, "positive", "immediate", "push.motor_confirmation", "high", WEEK },
	[CLASS_MANDATE]            = { RELEASE_NEVER, "neutral", "digest", NEUTRAL_TEXT, "very-low", DAY },
	[CLASS_SETTLEMENT]         = { RELEASE_NEVER, "neutral", "digest", NEUTRAL_TEXT, "very-low", DAY },
	[CLASS_GDV_STOCK]          = { RELEASE_NEVER, "neutral", "digest", NEUTRAL_TEXT, "very-low", DAY },
	[CLASS_GDV_DATA]           = { RELEASE_NEVER, "neutral", "digest", NEUTRAL_TEXT, "very-low", DAY },
	/* clang-format on */
};

/* Business cases that are not what their class promises, or that tell of somebody's health. */
enum oddity {
	INTERNAL = 1 << 0, /* written for the broker: a person looks first */
	QUIET = 1 << 1,    /* no business event: nothing was issued, confirmed or demanded */
	HEALTH = 1 << 2,   /* special whatever the line */
};

static const struct odd_case {
	int code;
	int oddity;
} odd_cases[] = {
	{ 100004030, HEALTH }, /* Erschwernisangebot abgelehnt */
	{ 100004040, HEALTH }, /* Erschwernisangebot eingestellt */
	{ 100005010, HEALTH }, /* Anforderung Arztbericht */
	{ 100005020, HEALTH }, /* erneute Gesundheitserklärung */
	{ 100005030, HEALTH }, /* Rückfrage gesundheitlich */
	{ 100005080, HEALTH }, /* Sonderwagnisanfrage */
	{ 100008010, HEALTH }, /* Erschwernisangebot, Leistungsausschluss, Risikozuschlag */
	{ 120900001, HEALTH }, /* Tod eines Partners */
	{ 140012049, QUIET },  /* Mahnende */
	{ 140012070, QUIET },  /* Ausbuchung */
	{ 140012090, INTERNAL | QUIET }, /* Betriebsinformation */
	{ 140012091, INTERNAL | QUIET },
	{ 140012092, INTERNAL | QUIET },
	{ 140012093, INTERNAL | QUIET }, /* Erinnerung der Abrechnung */
	{ 140012094, INTERNAL | QUIET }, /* interne Stornoinformation */
	{ 140012095, HEALTH | QUIET },   /* Mitteilung Pflegeversicherung */
	{ 150011005, HEALTH },           /* Unfallrente */
	{ 150011006, HEALTH },           /* Pflege-Rente */
	{ 150012002, HEALTH },           /* Tod des Versicherten */
	{ 150012003, HEALTH },
	{ 150012004, HEALTH },
	{ 150012005, HEALTH },
	{ 150012006, HEALTH }, /* Krankenleistung */
	{ 160002000, QUIET },  /* Eingangsbestätigung */
	{ 160008000, QUIET },  /* Rückmeldung, Nachfrage */
	{ 160010003, QUIET },  /* Kündigungsablehnung */
	{ 160014000, QUIET },  /* Kündigungsrücknahme */
	{ 170011000, QUIET },  /* Ersatzpolice: the old one, printed again */
};

const char *release_verb_text(enum release_verb verb)
{
	return verbs[verb];
}

bool release_verb_of(enum release_verb *verb, const char *text)
{
	for (int i = 0; i < RELEASE_VERBS; i++)
		if (text && !strcmp(verbs[i], text)) {
			*verb = (enum release_verb)i;
			return true;
		}
	return false;
}

/* CLASSES if it is none. */
static enum business_class class_named(const char *category)
{
	int class = 0;

	while (class < CLASSES &&
	       (!category || strcmp(business_class_text((enum business_class) class), category)))
		class ++;
	return (enum business_class) class;
}

enum business_class catalogue_class(const char *category)
{
	enum business_class class = class_named(category);

	return class == CLASSES ? CLASS_OTHER : class;
}

bool catalogue_category_known(const char *category)
{
	return class_named(category) != CLASSES;
}

static int by_code(const void *a, const void *b)
{
	return *(const int *)a - ((const struct odd_case *)b)->code;
}

/* 0: as its class promises. */
static int oddity_of(const struct business_case *known)
{
	const struct odd_case *row =
		known ? bsearch(&known->code, odd_cases, sizeof odd_cases / sizeof *odd_cases,
				sizeof *odd_cases, by_code)
		      : NULL;

	return row ? row->oddity : 0;
}

enum release_verb catalogue_verb(enum business_class class, const char *business_case)
{
	enum release_verb verb = kinds[class].verb;

	if (verb == RELEASE_AUTO && (oddity_of(business_case_find(business_case)) & INTERNAL))
		return RELEASE_ASK;
	return verb;
}

/* Where nobody knows the line, a claim may be a sickness, and so may all that comes from a health or life insurer. */
static bool special_of(enum business_class class, int oddity, const char *document_line,
		       const char *contract_line, const char *vu)
{
	if ((oddity & HEALTH) || line_sensitive(document_line) || line_sensitive(contract_line))
		return true;
	return (class == CLASS_CLAIM || vu_sensitive(vu)) && !line_says_something(document_line) &&
	       !line_says_something(contract_line);
}

/* Of a special document the name of its class may be said, unless that alone speaks of an illness. */
static void discretion_keep(struct announcement *said, enum business_class class, int oddity)
{
	said->text_key = NEUTRAL_TEXT;
	said->business_case = NULL;
	if (class != CLASS_CLAIM && !(oddity & HEALTH))
		return;
	said->category = business_class_text(CLASS_OTHER);
	said->event_type = NULL;
	said->sentiment = kinds[CLASS_OTHER].sentiment;
	said->latency_class = kinds[CLASS_OTHER].latency_class;
	said->urgency = kinds[CLASS_OTHER].urgency;
	said->ttl_s = kinds[CLASS_OTHER].ttl_s;
}

struct announcement catalogue_announcement(enum business_class class, const char *business_case,
					   const char *document_line, const char *contract_line,
					   const char *vu)
{
	const struct kind *kind = &kinds[class];
	const struct business_case *known = business_case_find(business_case);
	int oddity = oddity_of(known);
	struct announcement said = {
		.event_type = oddity & QUIET ? NULL : event_type_of_class(class),
		.category = business_class_text(class),
		.business_case = known ? business_case : NULL,
		.sentiment = oddity & QUIET ? "neutral" : kind->sentiment,
		.latency_class = kind->latency_class,
		.text_key = oddity & QUIET ? NEUTRAL_TEXT : kind->text_key,
		.urgency = kind->urgency,
		.ttl_s = kind->ttl_s,
		.special = special_of(class, oddity, document_line, contract_line, vu),
	};

	if (said.special)
		discretion_keep(&said, class, oddity);
	return said;
}
