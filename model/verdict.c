#include "model/verdict.h"

static const char *const tiers[TIERS] = {
	[TIER_NONE] = "none",     [TIER_EXACT] = "exact",       [TIER_PICTURE] = "picture",
	[TIER_CLAIM] = "claim",   [TIER_REPAIRED] = "repaired", [TIER_ALIAS] = "alias",
	[TIER_PERSON] = "person",
};

static const struct {
	const char *text, *words;
} reasons[REASONS] = {
	[REASON_NONE] = { "none", "" },
	[REASON_NO_NUMBER] = { "no_number", "keine Vertragsnummer" },
	[REASON_NUMBER_MALFORMED] = { "number_malformed",
				      "Nummer passt zu keinem Format des Versicherers" },
	[REASON_NUMBER_UNKNOWN] = { "number_unknown", "Nummer nicht im Bestand" },
	[REASON_SEVERAL_CONTRACTS] = { "several_contracts", "mehrere Verträge mit dieser Nummer" },
	[REASON_OTHER_HOLDER] = { "other_holder",
				  "Vertrag gefunden, aber anderer Versicherungsnehmer" },
	[REASON_LINE_CONTRADICTS] = { "line_contradicts", "Vertrag gefunden, aber andere Sparte" },
	[REASON_CONTRACT_ENDED] = { "contract_ended", "Vertrag war schon beendet" },
	[REASON_ISSUER_UNKNOWN] = { "issuer_unknown", "Versicherer unbekannt" },
	[REASON_CLAIM_NUMBER_ONLY] = { "claim_number_only", "nur eine Schadennummer" },
	[REASON_COLLECTIVE_DOCUMENT] = { "collective_document",
					 "Sammeldokument zu mehreren Verträgen" },
	[REASON_NOT_A_CUSTOMER_DOCUMENT] = { "not_a_customer_document", "kein Kundendokument" },
	[REASON_UNREADABLE] = { "unreadable", "nicht lesbar" },
	[REASON_NEEDS_SECOND_SIGNAL] = { "needs_second_signal",
					 "zweites Merkmal nötig (Kranken, Leben, Unfall)" },
	[REASON_LINK_ONLY] = { "link_only", "nur ein Link statt des Dokuments" },
};

const char *tier_text(enum tier tier)
{
	return tiers[tier];
}

const char *reason_text(enum reason reason)
{
	return reasons[reason].text;
}

const char *reason_in_words(enum reason reason)
{
	return reasons[reason].words;
}
