#include "ingest/login.h"

#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ingest/secret.h"
#include "ingest/xml.h"

#define NS_SAML_2 "urn:oasis:names:tc:SAML:2.0:assertion"
#define NS_SAML_1 "urn:oasis:names:tc:SAML:1.0:assertion"

#define NOBODY_TRUSTED "--trust is missing: answers must be signed, but by whom?"

/* What each kind needs beside --transfer; what it may have is marked, too. The rest belongs to other kinds. */
enum { NO, MAY, MUST };
static const struct needs {
	int sts, user, secret, key, certificate;
	const char *secret_option;
} kinds[LOGIN_KINDS] = {
	[LOGIN_PASSWORD] = { MUST, MUST, MUST, NO, NO, "--password-file" },
	[LOGIN_CERTIFICATE] = { MUST, NO, MAY, MUST, MAY, "--password-file" },
	[LOGIN_TLS] = { NO, NO, MAY, MUST, MAY, "--password-file" },
	[LOGIN_SAML] = { NO, NO, MUST, NO, NO, "--assertion-file" },
	[LOGIN_BEARER] = { NO, NO, MUST, NO, NO, "--token-file" },
};

enum login_kind login_of(const struct connection *c, const struct profile *profile)
{
	enum login_kind kind = profile->login;

	login_kind_parse(&kind, c->login);
	return kind;
}

bool login_has_token(enum login_kind kind)
{
	return kinds[kind].sts == MUST;
}

const char *login_secret_option(enum login_kind kind)
{
	return kinds[kind].secret_option;
}

enum signature_policy login_signature(const struct connection *c, const struct profile *profile)
{
	enum signature_policy own = profile->signature;

	signature_policy_parse(&own, c->signature);
	return own > profile->signature ? own : profile->signature;
}

/* ---- what is given ---- */

static bool need_fits(int need, const char *given, const char *option, enum login_kind kind,
		      struct err *e)
{
	const char *word = login_kind_words[kind];

	if (need == MUST && text_empty(given))
		return err_set(e, ERR_USAGE, "%s is missing: the login is by %s", option, word);
	if (need == NO && given)
		return err_set(e, ERR_USAGE,
			       "%s does not belong to a login by %s ('' takes it away)", option,
			       word);
	return true;
}

static bool words_known(const struct connection *c, struct err *e)
{
	enum signature_policy policy;
	enum login_kind kind;

	if (c->login && !login_kind_parse(&kind, c->login))
		return err_set(e, ERR_USAGE,
			       "--login: expected password, certificate, tls, saml or bearer");
	return !c->signature || signature_policy_parse(&policy, c->signature) ||
	       err_set(e, ERR_USAGE, "--signature: expected none, if-present or required");
}

static bool signature_fits(const struct connection *c, const struct profile *profile, struct err *e)
{
	enum signature_policy policy = login_signature(c, profile);

	if (c->signature && strcmp(c->signature, signature_policy_words[policy]) != 0)
		return err_set(e, ERR_USAGE,
			       "--signature %s would be less than the insurer's file says: %s",
			       c->signature, signature_policy_words[policy]);
	if (policy == SIGNATURE_REQUIRED && !c->trust_file)
		return err_set(e, ERR_USAGE, "%s", NOBODY_TRUSTED);
	if (!c->trust_file && (c->crl_file || c->signer))
		return err_set(e, ERR_USAGE, "--crl and --signer say nothing without --trust");
	return policy != SIGNATURE_NONE || !c->trust_file ||
	       err_set(e, ERR_USAGE,
		       "--trust says nothing without --signature if-present or required");
}

bool login_check(const struct connection *c, const struct profile *profile, struct err *e)
{
	enum login_kind kind = login_of(c, profile);
	const struct needs *n = &kinds[kind];

	if (c->ca_crl_file && !c->ca_file)
		return err_set(e, ERR_USAGE, "--ca-crl says nothing without --ca");
	return words_known(c, e) && need_fits(n->sts, c->sts_url, "--sts", kind, e) &&
	       need_fits(n->user, c->username, "--user", kind, e) &&
	       need_fits(n->secret, c->secret_file, n->secret_option, kind, e) &&
	       need_fits(n->key, c->key_file, "--key", kind, e) &&
	       need_fits(n->certificate, c->certificate_file, "--certificate", kind, e) &&
	       signature_fits(c, profile, e);
}

/* ---- what the files hold ---- */

bool login_files_load(struct login_files *files, const struct connection *c,
		      const struct profile *profile, TALLOC_CTX *mem, struct err *e)
{
	const struct identity_files identity = { c->key_file, c->certificate_file, c->secret_file };
	const struct trust_files trust = { c->trust_file, c->crl_file, c->signer };
	enum login_kind kind = login_of(c, profile);

	*files = (struct login_files){ 0 };
	if (kinds[kind].key == MUST &&
	    !(files->identity = identity_load(&identity, clock_wall_ms(), mem, e)))
		return false;
	if (kind == LOGIN_CERTIFICATE && EVP_PKEY_get_base_id(files->identity->key) != EVP_PKEY_RSA)
		return err_set(e, ERR_SETUP,
			       "key file %s: a login by certificate is signed with RSA, found "
			       "another kind of key",
			       c->key_file);
	if (login_signature(c, profile) == SIGNATURE_REQUIRED && !c->trust_file)
		return err_set(e, ERR_SETUP, "%s", NOBODY_TRUSTED);
	if (login_signature(c, profile) == SIGNATURE_NONE || !c->trust_file)
		return true;
	files->trust = trust_new(&trust, mem, e);
	return files->trust != NULL;
}

/* ---- an assertion ---- */

/* One element of SAML, and nothing around it. */
struct looking {
	int depth;
	bool is_assertion;
};

static bool look_start(void *self, const char *ns, const char *name,
		       const struct xml_attribute *attributes, size_t count, struct err *e)
{
	struct looking *l = self;
	bool known = ns && (!strcmp(ns, NS_SAML_2) || !strcmp(ns, NS_SAML_1));

	(void)attributes, (void)count, (void)e;
	if (l->depth++ == 0)
		l->is_assertion = known && (!strcmp(name, "Assertion") ||
					    !strcmp(name, "EncryptedAssertion"));
	return true;
}

static bool look_text(void *self, const char *text, size_t len, struct err *e)
{
	(void)self, (void)text, (void)len, (void)e;
	return true;
}

static bool look_raw(void *self, const char *text, size_t len, uint64_t offset, struct err *e)
{
	(void)self, (void)text, (void)len, (void)offset, (void)e;
	return true;
}

static bool look_end(void *self, struct err *e)
{
	(void)e;
	((struct looking *)self)->depth--;
	return true;
}

/* It goes into our message as it is: it must be whole, stand on its own, and begin with its element. */
static bool is_assertion(const char *text, size_t len, const char *path, struct err *e)
{
	struct looking looking = { 0 };
	const struct xml_receiver receiver = { &looking, look_start, look_text, look_raw,
					       look_end };
	struct err why = { 0 };
	struct xml *xml = xml_new("utf-8", &receiver, NULL);
	bool ok = xml_feed(xml, text, len, &why) && xml_end(xml, &why);

	talloc_free(xml);
	if (!ok)
		return err_set(e, ERR_SETUP, "assertion file %s: %s", path, why.text);
	if (!looking.is_assertion)
		return err_set(e, ERR_SETUP,
			       "assertion file %s: expected an Assertion or EncryptedAssertion "
			       "of SAML",
			       path);
	return (text[0] == '<' && text[1] != '?' && text[1] != '!') ||
	       err_set(e, ERR_SETUP,
		       "assertion file %s: expected the element alone, without <?xml ...?> or "
		       "anything else in front",
		       path);
}

/* A line end of the file's is not the assertion's. */
static bool assertion(char **secret, const char *path, TALLOC_CTX *mem, struct err *e)
{
	size_t len;

	*secret = secret_bytes(&len, path, "assertion file", SECRET_FILE_MOST, mem, e);
	if (!*secret)
		return false;
	while (len && strchr("\r\n\t ", (*secret)[len - 1]))
		(*secret)[--len] = '\0';
	return is_assertion(*secret, len, path, e);
}

/* ---- secrets ---- */

/* What may stand behind "Bearer " (RFC 6750). */
static bool is_token(const char *token, const char *path, struct err *e)
{
	static const char all[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/=";

	return strspn(token, all) == strlen(token) ||
	       err_set(e, ERR_SETUP, "token file %s: expected letters, digits and -._~+/= only",
		       path);
}

bool login_secret(char **secret, const struct connection *c, enum login_kind kind, TALLOC_CTX *mem,
		  struct err *e)
{
	*secret = NULL;
	switch (kind) {
	case LOGIN_PASSWORD:
		*secret = secret_line(c->secret_file, "password file", SECRET_BYTES_MOST, mem, e);
		return *secret != NULL;
	case LOGIN_BEARER:
		*secret = secret_line(c->secret_file, "token file", TOKEN_BYTES_MOST, mem, e);
		return *secret && is_token(*secret, c->secret_file, e);
	case LOGIN_SAML:
		return assertion(secret, c->secret_file, mem, e);
	default:
		return true;
	}
}

bool login_try(const struct connection *c, const struct profile *profile, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct login_files files;
	char *secret;
	bool ok = login_secret(&secret, c, login_of(c, profile), tmp, e) &&
		  login_files_load(&files, c, profile, tmp, e);

	talloc_free(tmp);
	return ok;
}

char *login_credential(const struct connection *c, const struct profile *profile, TALLOC_CTX *mem)
{
	const char *account = c->username      ? c->username
			      : c->key_file    ? c->key_file
			      : c->secret_file ? c->secret_file
					       : "";

	return talloc_asprintf(mem, "%s %s %s %s", c->issuer,
			       login_kind_words[login_of(c, profile)],
			       c->sts_url ? c->sts_url : "-", account);
}
