#include "cmd/wire_words.h"

#include "ingest/soap.h"

static const char *const homes[] = {
	[MESSAGE_NACHRICHTEN] = "nachrichten",
	[MESSAGE_ALLGEMEIN] = "allgemein",
};

/* Where the file says something else than the release, somebody may want to know. */
static char *version_words(const char *version, enum message_namespace said, TALLOC_CTX *mem)
{
	enum message_namespace known = said;

	if (!version)
		return talloc_strdup(mem, "no BiPROVersion");
	message_namespace_of(&known, version);
	return talloc_asprintf(mem, "BiPRO %s in %s%s%s", version, homes[said],
			       known != said ? ", though this release has it in " : "",
			       known != said ? homes[known] : "");
}

char *wire_transfer_words(const struct profile *profile, TALLOC_CTX *mem)
{
	static const char *const flags[] = {
		[FLAG_OMIT] = "left out",
		[FLAG_TRUE] = "true",
		[FLAG_FALSE] = "false",
	};
	char *words = version_words(profile->transfer_version, profile->messages, mem);

	words = talloc_asprintf_append(words, ", %s, SOAPAction \"%s\", BestaetigeLieferungen %s%s",
				       profile->wrappers == WRAPPER_CAPITAL ? "ListShipments"
									    : "listShipments",
				       soap_action(SOAP_LIST, profile, mem), flags[profile->flag],
				       profile->consumer_id_required ? ", ConsumerID" : "");
	if (profile->category)
		words = talloc_asprintf_append(words, ", category %s", profile->category);
	return words;
}

char *wire_sts_words(const struct profile *profile, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s, SOAPAction \"%s\"%s",
			       version_words(profile->sts_version, profile->sts_messages, mem),
			       soap_action(SOAP_LOGIN, profile, mem),
			       profile->sts_dialect == STS_VEMA ? ", in VEMA's words" : "");
}
