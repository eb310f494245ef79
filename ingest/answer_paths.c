/* answer_paths.c -- the names on the wire, and nowhere else. docs/names.md has them beside ours. */
#include <ctype.h>
#include <string.h>

#include "ingest/answer.h"

#define BIPRO "http://www.bipro.net/namespace/"

static const struct {
	const char *uri;
	unsigned ns;
} namespaces[] = {
	{ BIPRO "transfer", NS_TRANSFER },
	{ BIPRO "nachrichten", NS_NACHRICHTEN },
	{ BIPRO "allgemein", NS_ALLGEMEIN },
	{ "http://schemas.xmlsoap.org/soap/envelope/", NS_SOAP },
	{ "http://schemas.xmlsoap.org/ws/2005/02/trust", NS_TRUST },
	{ "http://docs.oasis-open.org/ws-sx/ws-trust/200512", NS_TRUST },
	{ "http://schemas.xmlsoap.org/ws/2005/02/sc", NS_SESSION },
	{ "http://docs.oasis-open.org/ws-sx/ws-secureconversation/200512", NS_SESSION },
	{ "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd",
	  NS_UTILITY },
	{ "http://www.w3.org/2004/08/xop/include", NS_XOP },
	{ "http://www.w3.org/2005/05/xmlmime", NS_XMIME },
	{ "http://www.w3.org/2000/09/xmldsig#", NS_SIGNATURE },
	{ "http://www.w3.org/2001/XMLSchema-instance", NS_INSTANCE },
};

unsigned namespace_of(const char *uri)
{
	if (!uri)
		return NS_ABSENT;
	for (size_t i = 0; i < sizeof namespaces / sizeof namespaces[0]; i++)
		if (strcmp(uri, namespaces[i].uri) == 0)
			return namespaces[i].ns;
	return strncmp(uri, BIPRO, strlen(BIPRO)) == 0 ? NS_BIPRO_OTHER : NS_UNKNOWN;
}

#define BOX(inside, ns, name, opens)                                                               \
	{                                                                                          \
		inside, ns, name, NULL, opens, RULE_NONE, 0                                        \
	}
#define ANSWER(inside, ns, name, rule, field)                                                      \
	{                                                                                          \
		inside, ns, name, NULL, REGION_LEAF, rule, offsetof(struct answer, field)          \
	}
#define BUILD(inside, ns, name, rule, field)                                                       \
	{                                                                                          \
		inside, ns, name, NULL, REGION_LEAF, rule, offsetof(struct builder, field)         \
	}
#define MESSAGE(name, field)                                                                       \
	{                                                                                          \
		REGION_MESSAGE, NS_STATUS, name, NULL, REGION_LEAF, RULE_FIRST,                    \
			offsetof(struct message_entry, field)                                      \
	}
#define SHIPMENT(name, rule, field)                                                                \
	{                                                                                          \
		REGION_SHIPMENT, NS_BIPRO, name, NULL, REGION_LEAF, rule,                          \
			offsetof(struct shipment, field)                                           \
	}
#define TRANSFER(name, parent, rule, field)                                                        \
	{                                                                                          \
		REGION_TRANSFER, NS_BIPRO, name, parent, REGION_LEAF, rule,                        \
			offsetof(struct transfer, field)                                           \
	}
#define NUMBER(name, parent, rule, kind)                                                           \
	{                                                                                          \
		REGION_TRANSFER, NS_BIPRO, name, parent, REGION_LEAF, rule, kind                   \
	}
#define PARTY(name, field)                                                                         \
	{                                                                                          \
		REGION_TRANSFER, NS_BIPRO, name, NULL, REGION_LEAF, RULE_PARTY,                    \
			offsetof(struct party, field)                                              \
	}
#define FILE(region, name, rule, field)                                                            \
	{                                                                                          \
		region, NS_BIPRO, name, NULL, REGION_LEAF, rule, offsetof(struct document, field)  \
	}

static const struct wire_row rows[] = {
	BOX(REGION_START, NS_SOAP, "Envelope", REGION_ENVELOPE),
	BOX(REGION_START, NS_SOAP, "Fault", REGION_FAULT),
	BOX(REGION_ENVELOPE, NS_SOAP, "Header", REGION_SKIP),
	BOX(REGION_ENVELOPE, NS_SOAP, "Body", REGION_BODY),
	BOX(REGION_BODY, NS_SOAP, "Fault", REGION_FAULT),
	BOX(REGION_BODY, NS_TRUST, "RequestSecurityTokenResponse", REGION_TOKEN),
	BOX(REGION_BODY, NS_TRUST, "RequestSecurityTokenResponseCollection", REGION_COLLECTION),
	BOX(REGION_COLLECTION, NS_TRUST, "RequestSecurityTokenResponse", REGION_TOKEN),

	BUILD(REGION_FAULT, NS_FAULT, "faultcode", RULE_ONCE, faultcode),
	BOX(REGION_FAULT, NS_FAULT, "detail", REGION_DETAIL),
	BOX(REGION_DETAIL, NS_STATUS, "BiproException", REGION_EXCEPTION),
	BOX(REGION_DETAIL, NS_STATUS, "BiPROException", REGION_EXCEPTION),
	ANSWER(REGION_EXCEPTION, NS_STATUS, "BiPROVersion", RULE_ONCE, version),
	BOX(REGION_EXCEPTION, NS_STATUS, "Status", REGION_STATUS),

	BOX(REGION_RESULT, NS_BIPRO, "Response", REGION_RESPONSE),
	ANSWER(REGION_RESPONSE, NS_STATUS, "BiPROVersion", RULE_ONCE, version),
	BOX(REGION_RESPONSE, NS_STATUS, "Status", REGION_STATUS),
	BOX(REGION_RESPONSE, NS_BIPRO, "Lieferung", REGION_SHIPMENT),
	ANSWER(REGION_STATUS, NS_STATUS, "StatusID", RULE_ONCE, status),
	BOX(REGION_STATUS, NS_STATUS, "Meldung", REGION_MESSAGE),
	MESSAGE("ArtID", kind),
	MESSAGE("MeldungID", code),
	MESSAGE("Text", text),

	SHIPMENT("ID", RULE_ONCE, id),
	SHIPMENT("Kategorie", RULE_ONCE, category),
	SHIPMENT("ArtDerLieferung", RULE_FIRST, kind),
	SHIPMENT("Sparte", RULE_LINE, line),
	SHIPMENT("Einstellzeitpunkt", RULE_FIRST, posted),
	SHIPMENT("VerfuegbarBis", RULE_FIRST, available_until),
	SHIPMENT("EnthaeltNurDaten", RULE_FLAG, data_only),
	SHIPMENT("PeriodischeLieferung", RULE_FLAG, periodic),
	SHIPMENT("AnzahlTransfers", RULE_COUNT, transfer_count),
	BOX(REGION_SHIPMENT, NS_BIPRO, "Transfer", REGION_TRANSFER),

	BOX(REGION_TRANSFER, NS_BIPRO, "Datei", REGION_FILE),
	TRANSFER("ArtID", "Transfer", RULE_FIRST, business_case),
	TRANSFER("Erstelldatum", "Transfer", RULE_FIRST, created),
	TRANSFER("Freitext", "Transfer", RULE_FIRST, text),
	TRANSFER("Sparte", NULL, RULE_LINE, line),
	TRANSFER("Unternehmensnummer", NULL, RULE_FIRST, insurer_vu),
	TRANSFER("Nummer", "Unternehmen", RULE_FIRST, insurer_vu),
	TRANSFER("Name", "Unternehmen", RULE_FIRST, insurer_name),
	TRANSFER("Vermittlernummer", NULL, RULE_FIRST, broker_number),
	TRANSFER("AmtlichesKennzeichen", NULL, RULE_FIRST, plate),

	NUMBER("Versicherungsscheinnummer", NULL, RULE_NUMBER, NUMBER_POLICY),
	NUMBER("DruckaufbereiteteVertragsnummer", NULL, RULE_NUMBER, NUMBER_PRINTED),
	NUMBER("Antragsnummer", NULL, RULE_NUMBER, NUMBER_APPLICATION),
	NUMBER("Nummer", "Schadennummer", RULE_NUMBER, NUMBER_CLAIM),
	NUMBER("VertragsnummerVM", NULL, RULE_NUMBER, NUMBER_BROKER),
	NUMBER("VertragsverbindungsnummerGDV", NULL, RULE_NUMBER, NUMBER_LINK),
	NUMBER("Vertragsverbindungsnummer", NULL, RULE_NUMBER, NUMBER_LINK),
	NUMBER("Vorgangsnummer", NULL, RULE_NUMBER, NUMBER_CASE),
	NUMBER("Vertragsnummer", NULL, RULE_NUMBER_TEXT, NUMBER_POLICY),
	NUMBER("AlteVertragsnummer", NULL, RULE_NUMBER_TEXT, NUMBER_OLD),
	NUMBER("Schadennummer", NULL, RULE_NUMBER_TEXT, NUMBER_CLAIM),

	PARTY("Nachname", surname),
	PARTY("Firmenname", surname),
	PARTY("Vorname", first_name),
	PARTY("Geburtsdatum", birth_date),
	PARTY("PLZ", postcode),
	PARTY("Postleitzahl", postcode),
	PARTY("Ort", city),
	PARTY("Strasse", street),

	FILE(REGION_FILE, "Dateiname", RULE_FIRST, name),
	FILE(REGION_FILE, "Dateityp", RULE_FIRST, file_kind),
	FILE(REGION_FILE, "Datenlink", RULE_FIRST, link),
	FILE(REGION_FILE, "Komprimierungstyp", RULE_FIRST, compression),
	FILE(REGION_FILE, "Erstelldatum", RULE_FIRST, created),
	FILE(REGION_FILE, "DokumentartID", RULE_FIRST, document_kind),
	FILE(REGION_FILE, "Kurzbeschreibung", RULE_FIRST, description),
	FILE(REGION_FILE, "Bezeichnung", RULE_TITLE, description),
	BOX(REGION_FILE, NS_BIPRO, "Pruefsumme", REGION_CHECKSUM),
	FILE(REGION_CHECKSUM, "Typ", RULE_ONCE, checksum_kind),
	FILE(REGION_CHECKSUM, "Wert", RULE_ONCE, checksum),
	BOX(REGION_FILE, NS_BIPRO, "Daten", REGION_DATA),
	BOX(REGION_DATA, NS_XOP, "Include", REGION_INCLUDE),

	BUILD(REGION_TOKEN, NS_TRUST, "TokenType", RULE_ONCE, token_type),
	BOX(REGION_TOKEN, NS_TRUST, "RequestedSecurityToken", REGION_TOKEN_BOX),
	BOX(REGION_TOKEN, NS_TRUST, "Lifetime", REGION_LIFETIME),
	BOX(REGION_TOKEN, NS_TRUST, "Status", REGION_TOKEN_STATUS),
	BOX(REGION_TOKEN, NS_STATUS, "Status", REGION_STATUS),
	{ REGION_TOKEN, NS_TRUST, "RequestedTokenCancelled", NULL, REGION_LEAF, RULE_CANCELLED, 0 },
	ANSWER(REGION_TOKEN, NS_STATUS, "BiPROVersion", RULE_ONCE, version),
	BOX(REGION_TOKEN_BOX, NS_SESSION, "SecurityContextToken", REGION_SESSION),
	ANSWER(REGION_SESSION, NS_SESSION, "Identifier", RULE_ONCE, token),
	ANSWER(REGION_LIFETIME, NS_UTILITY, "Expires", RULE_ONCE, token_expires),
	BUILD(REGION_TOKEN_STATUS, NS_TRUST, "Code", RULE_ONCE, token_status),
};

const struct wire_row *wire_row_find(enum region inside, unsigned ns, const char *name,
				     const char *parent)
{
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct wire_row *row = &rows[i];

		if (row->inside == inside && (row->namespaces & ns) &&
		    strcmp(row->name, name) == 0 &&
		    (!row->parent || strcmp(row->parent, parent) == 0))
			return row;
	}
	return NULL;
}

enum answer_kind wrapper_kind(const char *name)
{
	static const struct {
		const char *rest;
		char first;
		enum answer_kind kind;
	} wrappers[] = {
		{ "istShipmentsResponse", 'l', ANSWER_LIST },
		{ "etShipmentResponse", 'g', ANSWER_DELIVERY },
		{ "cknowledgeShipmentResponse", 'a', ANSWER_ACKNOWLEDGE },
	};

	for (size_t i = 0; i < sizeof wrappers / sizeof wrappers[0]; i++)
		if (tolower((unsigned char)name[0]) == wrappers[i].first &&
		    strcmp(name + 1, wrappers[i].rest) == 0)
			return wrappers[i].kind;
	return ANSWER_NONE;
}
