#include "matcher/rules.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>
#include <talloc.h>

#include "base/text.h"
#include "matcher/candidates.h"
#include "normalizers/picture.h"

static void digest_text(char digest[RULES_DIGEST_SIZE], const char *text, size_t len)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];

	/* fails for want of memory only */
	if (!EVP_Digest(text, len, bytes, NULL, EVP_sha256(), NULL))
		abort();
	text_hex(digest, bytes, (RULES_DIGEST_SIZE - 1) / 2);
}

/* One word, with its length, so that no two lists of words read alike. */
static void add(char **text, const char *word)
{
	*text = talloc_asprintf_append_buffer(*text, "%zu:%s,", word ? strlen(word) : 0,
					      word ? word : "-");
}

static void add_picture(char **text, const struct picture *p)
{
	add(text, p->drawing);
	add(text, p->becomes);
	add(text, p->drops_zeros ? "drops" : "keeps");
	add(text, picture_means_text(p->means));
	add(text, p->confidence);
	for (size_t i = 0; i < p->line_count; i++)
		add(text, p->lines[i]);
}

void rules_digest_of(char digest[RULES_DIGEST_SIZE], const struct insurer *insurer)
{
	char *text = talloc_strdup(NULL, "");

	for (size_t i = 0; i < insurer->carrier_count; i++) {
		add(&text, insurer->carriers[i].vu);
		add(&text, insurer->carriers[i].from);
		add(&text, insurer->carriers[i].to);
	}
	for (size_t i = 0; i < insurer->successor_count; i++) {
		add(&text, insurer->successors[i].from);
		add(&text, insurer->successors[i].to);
		add(&text, insurer->successors[i].date);
		add(&text, insurer->successors[i].number);
		add(&text, insurer->successors[i].mapping);
	}
	for (size_t i = 0; i < insurer->picture_count; i++)
		add_picture(&text, &insurer->pictures[i]);
	digest_text(digest, text, talloc_get_size(text) - 1);
	talloc_free(text);
}

void rules_digest_all(char digest[RULES_DIGEST_SIZE], const struct insurers *all)
{
	char *text = talloc_strdup(NULL, "");

	for (size_t i = 0; i < insurers_count(all); i++) {
		char one[RULES_DIGEST_SIZE];

		rules_digest_of(one, insurers_at(all, i));
		add(&text, insurers_at(all, i)->issuer);
		add(&text, one);
	}
	digest_text(digest, text, strlen(text));
	talloc_free(text);
}

bool rules_notice(char digest[RULES_DIGEST_SIZE], const struct matcher *matcher, struct err *e)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t count = insurers_count(matcher->insurers);
	const char **issuers = talloc_array(mem, const char *, count + 1);
	const char **digests = talloc_array(mem, const char *, count + 1);
	bool ok;

	for (size_t i = 0; i < count; i++) {
		char *one = talloc_size(mem, RULES_DIGEST_SIZE);

		issuers[i] = insurers_at(matcher->insurers, i)->issuer;
		rules_digest_of(one, insurers_at(matcher->insurers, i));
		digests[i] = one;
	}
	rules_digest_all(digest, matcher->insurers);
	issuers[count] = "*";
	digests[count] = digest;
	ok = db_call(matcher->db, SQL_rules_notice, NULL, mem, e, matcher->broker,
		     text_array(issuers, count + 1, mem), text_array(digests, count + 1, mem));
	talloc_free(mem);
	return ok;
}
