#include "matcher/stock_id.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define ID_BYTES 10

/* Prefix and digits; the parts end at the first NULL. */
static char *id_of(const char *prefix, const char *const *parts, TALLOC_CTX *mem)
{
	unsigned char digest[EVP_MAX_MD_SIZE];
	char digits[2 * ID_BYTES + 1];
	char *text = talloc_strdup(mem, "");

	for (; *parts; parts++)
		text = talloc_asprintf_append_buffer(text, "%zu:%s,", strlen(*parts), *parts);
	/* fails for want of memory only; any id that we made up instead would join strangers */
	if (!EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL))
		abort();
	talloc_free(text);
	text_hex(digits, digest, ID_BYTES);
	return talloc_asprintf(mem, "%s%s", prefix, digits);
}

static char *without_blanks(const char *text, TALLOC_CTX *mem)
{
	char *copy = talloc_strdup(mem, text), *to = copy;

	for (; *text; text++)
		if (*text != ' ')
			*to++ = *text;
	*to = '\0';
	return copy;
}

static const char *or_else(const char *text, const char *instead)
{
	return text ? text : instead;
}

char *contract_id_make(const struct contract *c, enum told_by told_by, TALLOC_CTX *mem)
{
	TALLOC_CTX *work = talloc_new(mem);
	const char *parts[8] = { "contract", without_blanks(c->vu, work),
				 without_blanks(c->number, work) };
	char *id;

	if (told_by >= TOLD_BY_LINE)
		parts[3] = or_else(c->line, "000");
	if (told_by == TOLD_BY_CUSTOMER)
		parts[4] = or_else(c->customer_id, "");
	if (told_by == TOLD_BY_HOLDER) {
		parts[4] = or_else(c->name, "");
		parts[5] = or_else(c->first_name, "");
		parts[6] = or_else(c->birth_date, "");
	}
	id = id_of("VU-", parts, mem);
	talloc_free(work);
	return id;
}

char *customer_id_make(const char *vu, const char *number, TALLOC_CTX *mem)
{
	const char *parts[] = { "customer", vu, number, NULL };

	return id_of("VU-c", parts, mem);
}

/* Upper and lower case of a name are the same person (ASCII; umlauts are written alike by one carrier). */
static char *folded(const char *text, TALLOC_CTX *mem)
{
	char *copy = text_trimmed(text, mem);

	for (char *c = copy; *c; c++)
		*c = (char)toupper((unsigned char)*c);
	return copy;
}

static char *person_pseudonym(const struct contract *c, TALLOC_CTX *mem)
{
	TALLOC_CTX *work = talloc_new(mem);
	const char *parts[] = {
		"person",      folded(c->name, work),     folded(c->first_name, work),
		c->birth_date, folded(c->postcode, work), NULL
	};
	char *pseudonym = id_of("p-", parts, mem);

	talloc_free(work);
	return pseudonym;
}

char *customer_pseudonym(const struct contract *c, TALLOC_CTX *mem)
{
	const char *parts[] = { "holder", c->contract_id, NULL };

	if (text_empty(c->name))
		return NULL;
	if (!text_empty(c->first_name) && c->birth_date && !text_empty(c->postcode))
		return person_pseudonym(c, mem);
	return id_of("p-", parts, mem);
}
