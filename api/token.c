#include "api/token.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "api/problem.h"
#include "base/clock.h"
#include "base/text.h"

#define SECRET_BYTES 32
#define FEED         ((unsigned)(SCOPE_EVENTS | SCOPE_EVENTS_BROKER | SCOPE_FEEDBACK))
#define SECRET_LEN   43
#define ID_BYTES     (TOKEN_ID_LEN / 2)
#define BEARER       "Bearer "

static const struct {
	enum scope scope;
	const char *name;
} scope_names[] = {
	{ SCOPE_EVENTS, "events" },       { SCOPE_EVENTS_BROKER, "events:broker" },
	{ SCOPE_FEEDBACK, "feedback" },   { SCOPE_DOCUMENTS, "documents" },
	{ SCOPE_DECISIONS, "decisions" }, { SCOPE_STOCK, "stock" },
	{ SCOPE_INSURERS, "insurers" },   { SCOPE_STATISTICS, "statistics" },
	{ SCOPE_USERS, "users" },
};

#define SCOPES (sizeof scope_names / sizeof *scope_names)

void token_digest(char digest[DIGEST_TEXT_SIZE], const char *text)
{
	unsigned char bytes[EVP_MAX_MD_SIZE];

	EVP_Digest(text, strlen(text), bytes, NULL, EVP_sha256(), NULL);
	text_hex(digest, bytes, 32);
}

/* ---- making ---- */

bool token_make(struct token *token, struct err *e)
{
	return token_make_as(token, TOKEN_PREFIX, e);
}

bool token_make_as(struct token *token, const char *prefix, struct err *e)
{
	unsigned char bytes[ID_BYTES + SECRET_BYTES];
	char secret[(SECRET_BYTES + 2) / 3 * 4 + 1];

	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
		return err_set(e, ERR_SETUP, "no random bytes: %s", strerror(errno));
	text_hex(token->id, bytes, ID_BYTES);
	EVP_EncodeBlock((unsigned char *)secret, bytes + ID_BYTES, SECRET_BYTES);
	for (char *c = secret; *c; c++)
		*c = *c == '+' ? '-' : *c == '/' ? '_' : *c;
	secret[SECRET_LEN] = '\0'; /* without the padding */
	stpcpy(stpcpy(stpcpy(stpcpy(token->text, prefix), token->id), "_"), secret);
	token_digest(token->digest, token->text);
	OPENSSL_cleanse(bytes, sizeof bytes);
	OPENSSL_cleanse(secret, sizeof secret);
	return true;
}

void token_wipe(struct token *token)
{
	OPENSSL_cleanse(token, sizeof *token);
}

/* ---- scopes ---- */

const char *scope_name(enum scope scope)
{
	for (size_t i = 0; i < SCOPES; i++)
		if (scope_names[i].scope == scope)
			return scope_names[i].name;
	return "";
}

bool scopes_read(unsigned *scopes, const char *text, struct err *e)
{
	char *words = talloc_strdup(NULL, text), *rest = NULL, *word;
	bool ok = true;

	*scopes = 0;
	for (word = strtok_r(words, "{}, ", &rest); ok && word;
	     word = strtok_r(NULL, "{}, ", &rest)) {
		unsigned found = 0;

		for (size_t i = 0; i < SCOPES; i++)
			if (!strcmp(scope_names[i].name, word))
				found = scope_names[i].scope;
		*scopes |= found;
		if (!found)
			ok = err_set(
				e, ERR_USAGE,
				"there is no such scope; expected events, events:broker, feedback, documents, decisions, stock, insurers, "
				"statistics or users");
	}
	talloc_free(words);
	return ok && (*scopes || err_set(e, ERR_USAGE, "no scope is named"));
}

char *scopes_array(unsigned scopes, TALLOC_CTX *mem)
{
	char *text = talloc_strdup(mem, "{");

	for (size_t i = 0; i < SCOPES; i++)
		if (scopes & scope_names[i].scope)
			text = talloc_asprintf_append(text, "%s%s", text[1] ? "," : "",
						      scope_names[i].name);
	return talloc_strdup_append(text, "}");
}

/* ---- checking ---- */

bool token_shaped(const char *text, const char *prefix)
{
	static const char hex[] = "0123456789abcdef";
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789-_";
	const char *id = text + strlen(prefix);

	return strlen(text) == TOKEN_SIZE - 1 && !strncmp(text, prefix, strlen(prefix)) &&
	       strspn(id, hex) == TOKEN_ID_LEN && id[TOKEN_ID_LEN] == '_' &&
	       strspn(id + TOKEN_ID_LEN + 1, letters) == SECRET_LEN;
}

bool token_digest_equal(const char *digest, const char shown[DIGEST_TEXT_SIZE])
{
	static const char nobody[DIGEST_TEXT_SIZE] =
		"0000000000000000000000000000000000000000000000000000000000000000";

	return !CRYPTO_memcmp(shown, digest ? digest : nobody, DIGEST_TEXT_SIZE) && digest;
}

static void caller_take(struct request *request, const char *id, const struct rows *rows)
{
	struct caller *caller = &request->caller;

	caller->broker = talloc_strdup(request, rows_text(rows, 0, "broker"));
	caller->token_id = talloc_strdup(request, id);
	caller->name = talloc_strdup(request, rows_text(rows, 0, "name"));
	caller->by = caller->shown = talloc_asprintf(request, "token %s", caller->name);
	caller->consumer = talloc_strdup(request, rows_text(rows, 0, "consumer"));
	caller->secret_file = talloc_strdup(request, rows_text(rows, 0, "secret_file"));
	scopes_read(&caller->scopes, rows_text(rows, 0, "scopes"), NULL);
	if (strcmp(caller->broker, request->api->conf.broker) != 0)
		caller->scopes &= ~FEED; /* positions are read ahead for one broker only */
	api_act(request->api, caller->broker);
}

/* That it was used is noted once an hour; a failure harms nobody. */
static void use_note(struct request *request, const char *id, const struct rows *rows)
{
	struct api *api = request->api;

	if (rows_bool(rows, 0, "note"))
		api_call(api, SQL_token_used, NULL, request, NULL, request->caller.broker, id);
}

/* An unknown id is compared, too, so that it takes as long as a known one. */
static bool token_find(bool *right, struct request *request, const char *id, const char *digest,
		       struct err *e)
{
	TALLOC_CTX *mem = talloc_new(request);
	struct rows *rows = NULL;
	bool ok;

	ok = api_call(request->api, SQL_token_find, &rows, mem, e, id);
	if (ok) {
		*right = token_digest_equal(
			rows_count(rows) == 1 ? rows_text(rows, 0, "digest") : NULL, digest);
		if (*right) {
			caller_take(request, id, rows);
			use_note(request, id, rows);
		}
	}
	talloc_free(mem);
	return ok;
}

static bool wrong_token(struct request *request)
{
	if (throttle_wrong(request->api->throttle, request->address, clock_monotonic_ms()))
		return problem(request, PROBLEM_THROTTLED,
			       "too many wrong tokens came from this address; wait a minute");
	return problem(request, PROBLEM_TOKEN,
		       "the token is unknown or was revoked; "
		       "`vorpost token add` makes one");
}

static bool shown_check(struct request *request, const char *token)
{
	char digest[DIGEST_TEXT_SIZE];
	char *id = talloc_strndup(request, token + strlen(TOKEN_PREFIX), TOKEN_ID_LEN);
	struct err e = { 0 };
	bool right = false;

	token_digest(digest, token);
	if (!token_find(&right, request, id, digest, &e))
		return problem_of(request, &e);
	return right || wrong_token(request);
}

bool token_check(struct request *request)
{
	const char *given = request_header(request, "Authorization");

	if (!given)
		return problem(request, PROBLEM_TOKEN,
			       "a token is needed: the header \"Authorization: Bearer vpt_...\"");
	if (strncasecmp(given, BEARER, strlen(BEARER)) != 0)
		return problem(request, PROBLEM_TOKEN,
			       "the Authorization header is of another kind, expected Bearer");
	given += strlen(BEARER);
	given += strspn(given, " ");
	return token_shaped(given, TOKEN_PREFIX) ? shown_check(request, given)
						 : wrong_token(request);
}

bool token_stands(struct request *request)
{
	struct api *api = request->api;
	struct rows *rows = NULL;
	bool stands =
		!api_call(api, SQL_token_find, &rows, request, NULL, request->caller.token_id) ||
		rows_count(rows) == 1;

	talloc_free(rows);
	return stands;
}
