/* vocabulary.c -- the closed lists that answers draw from, with the words for people: a page needs no copy of them. */
#include <jansson.h>

#include "api/token.h"
#include "model/business_case.h"
#include "model/verdict.h"
#include "review/review.h"

static json_t *word(const char *code, const char *english, const char *german)
{
	return json_pack("{s:s, s:s, s:s}", "code", code, "words", english, "words_de", german);
}

struct words {
	const char *code, *english, *german;
};

static json_t *words_list(const struct words *words)
{
	json_t *list = json_array();

	for (; words->code; words++)
		json_array_append_new(list, word(words->code, words->english, words->german));
	return list;
}

static const struct words ignore_reasons[] = {
	{ "advertising", "advertising", "Werbung" },
	{ "circular", "circular", "Rundschreiben" },
	{ "settlement", "commission settlement", "Abrechnung" },
	{ "data", "data, not a letter", "Daten, kein Schreiben" },
	{ "not_ours", "not our customer", "nicht unser Kunde" },
	{ "duplicate", "duplicate", "Dublette" },
	{ "other", "other", "Sonstiges" },
	{ 0 },
};

static const struct words origins[] = {
	{ "system", "number in the insurer's system", "Nummer im System des Versicherers" },
	{ "printed", "as printed on the policy", "wie auf der Police gedruckt" },
	{ "other", "another spelling", "andere Schreibweise" },
	{ "application", "application number", "Antragsnummer" },
	{ "person", "confirmed by a person", "von einem Menschen bestätigt" },
	{ "former", "former number", "frühere Nummer" },
	{ "broker", "the broker's own number", "eigene Nummer des Maklers" },
	{ "claim", "claim number", "Schadennummer" },
	{ 0 },
};

static const struct words releases[] = {
	{ "waiting", "waits", "wartet auf Freigabe" },
	{ "released", "the customer was told", "für den Kunden freigegeben" },
	{ "withheld", "withheld", "zurückgehalten" },
	{ "withdrawn", "taken back", "zurückgenommen" },
	{ "superseded", "superseded", "überholt" },
	{ 0 },
};

static const struct words kinds[] = {
	{ "arrival", "arrival", "Eingang" },
	{ "decision", "decision", "Entscheidung" },
	{ "release", "release", "Freigabe" },
	{ "event", "event", "Ereignis" },
	{ "feedback", "feedback", "Rückmeldung" },
	{ "letter", "letter", "Brief" },
	{ 0 },
};

/* What the audit log says was done; api/audit.h. */
static const struct words audit_actions[] = {
	{ "document.viewed", "opened a document", "Dokument geöffnet" },
	{ "document.preloaded", "document loaded ahead", "Dokument vorab geladen" },
	{ "document.read", "read the file", "Datei gelesen" },
	{ "candidates.viewed", "looked at a document's candidates",
	  "Kandidaten eines Dokuments angesehen" },
	{ "document.assign", "filed at a contract", "zugeordnet" },
	{ "document.ignore", "filed without customer", "ohne Kunden abgelegt" },
	{ "document.postpone", "postponed", "zurückgestellt" },
	{ "document.hand-over", "handed over", "übergeben" },
	{ "document.contract", "contract made and filed there", "Vertrag angelegt und zugeordnet" },
	{ "document.undo", "decision taken back", "Entscheidung zurückgenommen" },
	{ "login", "logged in", "angemeldet" },
	{ "login.refused", "login refused", "Anmeldung abgewiesen" },
	{ "logout", "logged out", "abgemeldet" },
	{ "user.add", "account made", "Benutzer angelegt" },
	{ "user.change", "account changed", "Benutzer geändert" },
	{ "user.password", "own password changed", "eigenes Passwort geändert" },
	{ "session.end", "session ended", "Sitzung beendet" },
	{ "connection.pause", "insurer paused", "Versicherer angehalten" },
	{ "connection.resume", "insurer resumed", "Versicherer fortgesetzt" },
	{ "connection.poll", "insurer asked at once", "sofort abgefragt" },
	{ "contracts.import", "stock handed in", "Bestand eingespielt" },
	{ "delivery.retry", "delivery tried again", "Lieferung erneut versucht" },
	{ "delivery.close", "delivery closed", "Lieferung abgeschlossen" },
	{ "delivery.reopen", "delivery opened again", "Lieferung wieder geöffnet" },
	{ "consumer.reset", "a consumer set back", "Abnehmer zurückgesetzt" },
	{ "token.add", "API token made", "API-Schlüssel erstellt" },
	{ "token.revoke", "API token revoked", "API-Schlüssel widerrufen" },
	{ "user.remove", "account removed", "Benutzer entfernt" },
	{ "refused", "tried without the right to", "ohne Berechtigung versucht" },
	{ 0 },
};

static json_t *reasons(void)
{
	json_t *list = json_array();

	for (int i = REASON_NONE + 1; i < REASONS; i++)
		json_array_append_new(list, word(reason_text((enum reason)i),
						 reason_in_english((enum reason)i),
						 reason_in_words((enum reason)i)));
	return list;
}

static json_t *tiers(void)
{
	json_t *list = json_array();

	for (int i = TIER_NONE; i < TIERS; i++)
		json_array_append_new(list,
				      word(tier_text((enum tier)i), tier_in_english((enum tier)i),
					   tier_in_words((enum tier)i)));
	return list;
}

static json_t *classes(void)
{
	json_t *list = json_array();

	for (int i = 0; i < CLASSES; i++) {
		enum business_class class = (enum business_class)i;
		json_t *row = word(business_class_text(class), business_class_in_english(class),
				   business_class_in_words(class));

		json_object_set_new(row, "for_customers",
				    json_boolean(business_class_for_customers(class)));
		json_array_append_new(list, row);
	}
	return list;
}

/* What a role may do; as api/request.h has the scopes. */
static const struct {
	struct words words;
	unsigned scopes;
} roles[] = {
	{ { "clerk", "clerk", "Sachbearbeitung" },
	  SCOPE_DOCUMENTS | SCOPE_DECISIONS | SCOPE_STATISTICS },
	{ { "lead", "lead", "Leitung" },
	  SCOPE_DOCUMENTS | SCOPE_DECISIONS | SCOPE_STATISTICS | SCOPE_STOCK | SCOPE_INSURERS |
		  SCOPE_USERS },
	{ { "operator", "operator", "Betrieb" }, SCOPE_INSURERS | SCOPE_STATISTICS },
	{ { "read-only", "read only", "nur lesen" }, SCOPE_DOCUMENTS | SCOPE_STATISTICS },
};

static json_t *scopes_json(unsigned scopes)
{
	json_t *list = json_array();

	for (unsigned bit = 1; bit <= SCOPE_USERS; bit <<= 1)
		if (scopes & bit)
			json_array_append_new(list, json_string(scope_name((enum scope)bit)));
	return list;
}

static json_t *roles_list(void)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		const struct words *words = &roles[i].words;
		json_t *row = word(words->code, words->english, words->german);

		json_object_set_new(row, "scopes", scopes_json(roles[i].scopes));
		json_array_append_new(list, row);
	}
	return list;
}

static enum handled vocabulary_show(struct request *request)
{
	reply_json(request, 200,
		   json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "reasons", reasons(),
			     "business_classes", classes(), "tiers", tiers(), "ignore_reasons",
			     words_list(ignore_reasons), "roles", roles_list(), "origins",
			     words_list(origins), "releases", words_list(releases), "timeline",
			     words_list(kinds), "audit_actions", words_list(audit_actions)));
	return HANDLED;
}

static const struct route routes[] = {
	{ "GET", "/api/v1/vocabulary", SCOPE_ANY, "", 0, vocabulary_show },
};

const struct route_table route_vocabulary = { routes, sizeof routes / sizeof *routes };
