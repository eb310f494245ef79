#include "matcher/twins.h"

#include <string.h>

#include "matcher/candidates.h"

#define NUMBERS_MOST 4 /* of one document; more name several contracts anyway */
#define ZEROS_MORE   3

void twin_keys(const struct facts *facts, struct wanted *wanted)
{
	int numbers = 0;

	for (size_t i = 0; i < facts->asked_count; i++) {
		const struct asked *asked = &facts->asked[i];
		const struct key *key = asked->key;

		if (asked->use < USE_WEAK || !key_usable(key) || !strcmp(asked->issuer, ANY_ISSUER))
			continue;
		numbers += facts_first_row(facts, i);
		if (numbers > NUMBERS_MOST)
			return;
		if (strlen(key->plain) >= TWIN_LEAST)
			wanted_add(wanted, asked->issuer, key->plain, BY_TWIN);
		if (key->canonical && strlen(key->canonical) >= TWIN_LEAST &&
		    strcmp(key->canonical, key->plain) != 0)
			wanted_add(wanted, asked->issuer, key->canonical, BY_TWIN);
	}
}

static void offer(const char *key, const char *part, twin_take *take, void *self)
{
	if (strlen(part) >= TWIN_LEAST && strcmp(part, key) != 0)
		take(self, key, part);
}

/* AS00123456 and AS123456. */
static void parts_by_zeros(const char *key, twin_take *take, void *self)
{
	size_t letters = strcspn(key, "0123456789"), had = strspn(key + letters, "0");
	const char *core = key + letters + had;
	char part[KEY_MOST + 1];

	if (strlen(core) < TWIN_LEAST)
		return;
	for (size_t zeros = 0; zeros <= had + ZEROS_MORE; zeros++) {
		if (letters + zeros + strlen(core) > KEY_MOST)
			return;
		memcpy(part, key, letters);
		memset(part + letters, '0', zeros);
		strcpy(part + letters + zeros, core);
		offer(key, part, take, self);
	}
}

void twin_parts(const char *key, twin_take *take, void *self)
{
	size_t len = strlen(key);
	char part[KEY_MOST + 1];

	if (len > KEY_MOST)
		return;
	for (size_t cut = 1; cut <= TWIN_FRONT && cut < len; cut++)
		offer(key, key + cut, take, self);
	for (size_t cut = 1; cut <= TWIN_TAIL && cut < len; cut++) {
		memcpy(part, key, len - cut);
		part[len - cut] = '\0';
		offer(key, part, take, self);
	}
	parts_by_zeros(key, take, self);
}
