#include "cmd/connection_options.h"

#include <errno.h>
#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "ingest/login.h"

#define INTERVAL_LEAST_S 60
#define INTERVAL_MOST_S  (7 * 24 * 3600)

/* ---- the table: which option is which member ---- */

#define MEMBER(name) offsetof(struct connection, name)

static const struct row {
	const char *option;
	size_t member;
	bool is_path;
} rows[] = {
	{ "--sts", MEMBER(sts_url), false },
	{ "--transfer", MEMBER(transfer_url), false },
	{ "--login", MEMBER(login), false },
	{ "--user", MEMBER(username), false },
	{ "--consumer-id", MEMBER(consumer_id), false },
	{ "--key", MEMBER(key_file), true },
	{ "--certificate", MEMBER(certificate_file), true },
	{ "--ca", MEMBER(ca_file), true },
	{ "--ca-crl", MEMBER(ca_crl_file), true },
	{ "--signature", MEMBER(signature), false },
	{ "--trust", MEMBER(trust_file), true },
	{ "--crl", MEMBER(crl_file), true },
	{ "--signer", MEMBER(signer), false },
	{ "--acknowledge", MEMBER(acknowledge), false },
};

static bool full_path(char **full, const char *path, const char *option, TALLOC_CTX *mem,
		      struct err *e)
{
	char buffer[PATH_MAX];

	*full = NULL;
	if (!*path)
		return true;
	if (!realpath(path, buffer))
		return err_set(e, ERR_USAGE, "%s %s: %s", option, path, strerror(errno));
	*full = talloc_strdup(mem, buffer);
	return true;
}

static bool row_take(struct connection *c, const struct row *row, const struct invocation *in,
		     struct err *e)
{
	const char *given = invocation_option(in, row->option);
	char **member = (char **)(void *)((char *)c + row->member);

	if (!given)
		return true;
	if (row->is_path)
		return full_path(member, given, row->option, in->mem, e);
	*member = *given ? talloc_strdup(in->mem, given) : NULL;
	return true;
}

/* ---- what has more than one name, or is no text ---- */

/* Password, assertion and token are one file, named by what the login takes it for. */
static bool secret_take(struct connection *c, const struct profile *profile,
			const struct invocation *in, struct err *e)
{
	static const char *const options[] = { "--password-file", "--assertion-file",
					       "--token-file" };
	enum login_kind kind = login_of(c, profile);
	const char *own = login_secret_option(kind);

	for (size_t i = 0; i < sizeof options / sizeof *options; i++) {
		const char *given = invocation_option(in, options[i]);

		if (!given)
			continue;
		if (strcmp(options[i], own) != 0)
			return err_set(e, ERR_USAGE, "%s does not belong to a login by %s",
				       options[i], login_kind_words[kind]);
		return full_path(&c->secret_file, given, own, in->mem, e);
	}
	return true;
}

static bool interval_take(struct connection *c, const struct invocation *in, struct err *e)
{
	const char *given = invocation_option(in, "--interval");
	uint64_t value = 0;

	if (!given)
		return true;
	if (strcmp(given, "0") != 0 &&
	    !text_option_u64(&value, given, INTERVAL_LEAST_S, INTERVAL_MOST_S, "--interval", e))
		return false;
	c->poll_interval_s = (int)value;
	return true;
}

static bool after_take(struct connection *c, const struct invocation *in, struct err *e)
{
	const char *given = invocation_option(in, "--acknowledge-after");
	uint64_t value;

	if (invocation_option(in, "--acknowledge") && !given)
		c->acknowledge_after_h = -1;
	if (!given)
		return true;
	if (strcmp(given, "0") == 0)
		value = 0;
	else if (!text_option_u64(&value, given, 1, ACKNOWLEDGE_AFTER_MOST_H, "--acknowledge-after",
				  e))
		return false;
	if (!c->acknowledge || strcmp(c->acknowledge, "delayed") != 0)
		return err_set(e, ERR_USAGE,
			       "--acknowledge-after belongs to --acknowledge delayed");
	c->acknowledge_after_h = (int)value;
	return true;
}

bool connection_options_take(struct connection *c, const struct profile *profile,
			     const struct invocation *in, struct err *e)
{
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (!row_take(c, &rows[i], in, e))
			return false;
	return secret_take(c, profile, in, e) && interval_take(c, in, e) && after_take(c, in, e);
}

/* ---- help ---- */

#define COMMON                                                                                         \
	{ "--sts", "URL", "address of the security token service" },                                   \
		{ "--transfer", "URL", "address of the transfer service" },                            \
		{ "--login", "KIND",                                                                   \
		  "password, certificate, tls, saml, bearer (default: the insurer file's)" },          \
		{ "--user", "NAME", "user name of the technical access" },                             \
		{ "--password-file", "FILE",                                                           \
		  "holds the password, or the pass phrase of --key; only its owner may read it" },     \
		{ "--key", "FILE", "our private key, PEM or PKCS#12 (certificate, tls)" },             \
		{ "--certificate", "FILE", "our certificate, PEM, if --key does not hold it" },        \
		{ "--assertion-file", "FILE", "holds the assertion to pass on (saml)" },               \
		{ "--token-file", "FILE", "holds the token (bearer)" },                                \
		{ "--ca", "FILE",                                                                      \
		  "believe only servers that these authorities vouch for (PEM); '': the system's" },   \
		{ "--ca-crl", "FILE", "their revocation lists (PEM)" },                                \
		{ "--signature", "POLICY", "of answers: none, if-present, required" },                 \
		{ "--trust", "FILE", "who signs them, or an authority that vouches (PEM)" },           \
		{ "--crl", "FILE", "revocation lists of signers (PEM)" },                              \
		{ "--signer", "NAME", "the signer's CN or SAN, where an authority vouches" },          \
		{ "--consumer-id", "ID", "ConsumerID, where the insurer wants one" },                  \
		{ "--interval", "SECONDS", "between two rounds; 0: the insurer file's" },              \
		{ "--acknowledge", "MODE",                                                             \
		  "automatic, delayed, manual (default: the insurer file's)" },                        \
		{ "--acknowledge-after", "HOURS", "after storing, where it is delayed" },              \
	{                                                                                              \
		"--allow-plain", NULL,                                                                 \
			"http:// to this machine, for tests; not kept: test, poll and serve need the " \
			"option, too"                                                                  \
	}

const struct option_spec connection_add_options[] = {
	{ "--insurer", "ISSUER", "key of the insurer file" },
	COMMON,
	{ 0 },
};

const struct option_spec connection_change_options[] = {
	COMMON,
	{ 0 },
};
