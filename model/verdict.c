#include "model/verdict.h"

static const struct {
	const char *text, *english, *words;
} tiers[TIERS] = {
	[TIER_NONE] = { "none", "not filed by the matcher", "nicht zugeordnet" },
	[TIER_EXACT] = { "exact", "the number is known", "Nummer bekannt" },
	[TIER_PICTURE] = { "picture", "the insurer's number format leads there",
			   "über das Nummernmuster" },
	[TIER_CLAIM] = { "claim", "the claim number is known", "Schadennummer bekannt" },
	[TIER_REPAIRED] = { "repaired", "one typing mistake, and a second sign agrees",
			    "Schreibfehler erklärt, zweites Merkmal passt" },
	[TIER_ALIAS] = { "alias", "a spelling that a person confirmed",
			 "von einem Menschen bestätigte Schreibweise" },
	[TIER_PERSON] = { "person", "a person decided", "von einem Menschen entschieden" },
};

static const struct {
	const char *text, *english, *words;
} reasons[REASONS] = {
	[REASON_NONE] = { "none", "", "" },
	[REASON_NO_NUMBER] = { "no_number", "no contract number", "keine Vertragsnummer" },
	[REASON_NUMBER_MALFORMED] = { "number_malformed",
				      "the number fits no format of the insurer",
				      "Nummer passt zu keinem Format des Versicherers" },
	[REASON_NUMBER_UNKNOWN] = { "number_unknown", "the number is not in the stock",
				    "Nummer nicht im Bestand" },
	[REASON_SEVERAL_CONTRACTS] = { "several_contracts", "several contracts have this number",
				       "mehrere Verträge mit dieser Nummer" },
	[REASON_OTHER_HOLDER] = { "other_holder", "contract found, but another policyholder",
				  "Vertrag gefunden, aber anderer Versicherungsnehmer" },
	[REASON_LINE_CONTRADICTS] = { "line_contradicts",
				      "contract found, but another line of business",
				      "Vertrag gefunden, aber andere Sparte" },
	[REASON_CONTRACT_ENDED] = { "contract_ended", "the contract had ended",
				    "Vertrag war schon beendet" },
	[REASON_CONTRACT_NOT_BEGUN] = { "contract_not_begun", "the contract began long after",
					"Vertrag begann erst viel später" },
	[REASON_ISSUER_UNKNOWN] = { "issuer_unknown", "insurer unknown", "Versicherer unbekannt" },
	[REASON_CLAIM_NUMBER_ONLY] = { "claim_number_only", "a claim number only",
				       "nur eine Schadennummer" },
	[REASON_COLLECTIVE_DOCUMENT] = { "collective_document",
					 "collective document of several contracts",
					 "Sammeldokument zu mehreren Verträgen" },
	[REASON_NOT_A_CUSTOMER_DOCUMENT] = { "not_a_customer_document", "not a customer's document",
					     "kein Kundendokument" },
	[REASON_UNREADABLE] = { "unreadable", "cannot be read", "nicht lesbar" },
	[REASON_NEEDS_SECOND_SIGNAL] = { "needs_second_signal",
					 "a second sign is needed (health, life, accident)",
					 "zweites Merkmal nötig (Kranken, Leben, Unfall)" },
	[REASON_LINK_ONLY] = { "link_only", "only a link instead of the document",
			       "nur ein Link statt des Dokuments" },
	[REASON_OTHER_PLATE] = { "other_plate", "the plate stands at another contract",
				 "Kennzeichen steht bei einem anderen Vertrag" },
	[REASON_TAKEN_BACK] = { "taken_back", "it was filed there before and taken back",
				"war dort schon zugeordnet und wurde zurückgenommen" },
	[REASON_SHADOW] = { "shadow", "shadow: it would have been filed",
			    "Schattenbetrieb: wäre abgelegt worden" },
};

const char *tier_text(enum tier tier)
{
	return tiers[tier].text;
}

const char *reason_text(enum reason reason)
{
	return reasons[reason].text;
}

const char *reason_in_words(enum reason reason)
{
	return reasons[reason].words;
}

const char *reason_in_english(enum reason reason)
{
	return reasons[reason].english;
}

const char *tier_in_words(enum tier tier)
{
	return tiers[tier].words;
}

const char *tier_in_english(enum tier tier)
{
	return tiers[tier].english;
}
