/*
 * insurer_wire.c -- how an insurer speaks: what the file says, and what follows from it where the file is silent.
 */
#include "normalizers/insurer_wire.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define LIST_MOST       100000
#define VERSION_PARTS   5
#define ACTION_LEN_MOST 200
#define ZONES           "/usr/share/zoneinfo"
#define OMITTED         "omit"

#define MAY  (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL)
#define WORD (CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL | CYAML_FLAG_STRICT)
#define CHOICE(key, member, table)                                                                 \
	CYAML_FIELD_ENUM_PTR(key, WORD, struct wire_row, member, table,                            \
			     sizeof(table) / sizeof((table)[0]))
#define TEXT(key, most) CYAML_FIELD_STRING_PTR(#key, MAY, struct wire_row, key, 1, most)
#define COUNT(key)      CYAML_FIELD_UINT_PTR(#key, MAY, struct wire_row, key)

static const cyaml_strval_t wrapper_words[] = { { "camel", WRAPPER_CAMEL },
						{ "capital", WRAPPER_CAPITAL } };
static const cyaml_strval_t message_words[] = { { "nachrichten", MESSAGE_NACHRICHTEN },
						{ "allgemein", MESSAGE_ALLGEMEIN } };
static const cyaml_strval_t dialect_words[] = { { "standard", STS_STANDARD },
						{ "vema", STS_VEMA } };
static const cyaml_strval_t flag_words[] = { { "omit", FLAG_OMIT },
					     { "true", FLAG_TRUE },
					     { "false", FLAG_FALSE } };
static const cyaml_strval_t signature_words[] = { { "none", SIGNATURE_NONE },
						  { "if-present", SIGNATURE_IF_PRESENT },
						  { "required", SIGNATURE_REQUIRED } };
static const cyaml_strval_t login_words[] = { { "password", LOGIN_PASSWORD },
					      { "certificate", LOGIN_CERTIFICATE },
					      { "tls", LOGIN_TLS },
					      { "saml", LOGIN_SAML },
					      { "bearer", LOGIN_BEARER } };
static const cyaml_strval_t acknowledge_words[] = { { "automatic", ACKNOWLEDGE_AUTOMATIC },
						    { "delayed", ACKNOWLEDGE_DELAYED },
						    { "manual", ACKNOWLEDGE_MANUAL } };
static const cyaml_strval_t consumer_words[] = { { "optional", 0 }, { "required", 1 } };

/* A window's text. */
static const cyaml_schema_value_t window_value = { CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 0,
								      80) };

const cyaml_schema_field_t insurer_wire_fields[] = {
	TEXT(transfer_version, 20),
	TEXT(sts_version, 20),
	TEXT(category, 20),
	TEXT(source, 400),
	CHOICE("wrappers", wrappers, wrapper_words),
	CHOICE("message_namespace", messages, message_words),
	CHOICE("sts_namespace", sts_messages, message_words),
	TEXT(soap_action, ACTION_LEN_MOST),
	TEXT(sts_soap_action, ACTION_LEN_MOST),
	CHOICE("sts_dialect", sts_dialect, dialect_words),
	CHOICE("acknowledge_flag", flag, flag_words),
	CHOICE("consumer_id", consumer_id, consumer_words),
	CHOICE("signature", signature, signature_words),
	CHOICE("login", login, login_words),
	CHOICE("acknowledge", acknowledge, acknowledge_words),
	COUNT(acknowledge_after_h),
	COUNT(parallel),
	COUNT(calls_per_minute),
	TEXT(time_zone, 40),
	CYAML_FIELD_SEQUENCE("windows", MAY, struct wire_row, windows, &window_value, 1,
			     WINDOWS_MOST),
	COUNT(connect_timeout_s),
	COUNT(sts_timeout_s),
	COUNT(list_timeout_s),
	COUNT(get_timeout_s),
	COUNT(poll_interval_s),
	COUNT(list_most),
	COUNT(answer_bytes_most),
	CYAML_FIELD_END,
};

static bool seconds_take(int *out, const unsigned *in, const char *name, const char *path,
			 struct err *e)
{
	if (!in)
		return true;
	if (*in < 1 || *in > 7 * 24 * 3600)
		return err_set(e, ERR_SETUP, "%s: %s is %u, expected 1 to 604800", path, name, *in);
	*out = (int)*in;
	return true;
}

static bool count_take(int *out, const unsigned *in, unsigned least, unsigned most,
		       const char *name, const char *path, struct err *e)
{
	if (!in)
		return true;
	if (*in < least || *in > most)
		return err_set(e, ERR_SETUP, "%s: %s is %u, expected %u to %u", path, name, *in,
			       least, most);
	*out = (int)*in;
	return true;
}

/* A name that cannot lead out of the folder, of a file that is a time zone. */
static bool zone_known(const char *zone)
{
	char path[sizeof ZONES + 48], magic[4] = "";
	FILE *f;

	if (*zone == '/' || strspn(zone, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
					 "0123456789_/+-") != strlen(zone))
		return false;
	snprintf(path, sizeof path, ZONES "/%s", zone);
	if (!(f = fopen(path, "re")))
		return false;
	if (fread(magic, 1, sizeof magic, f) != sizeof magic)
		magic[0] = '\0';
	fclose(f);
	return memcmp(magic, "TZif", sizeof magic) == 0;
}

static bool wire_wrong(const struct insurer *in, const char *key, const char *value,
		       const char *expected, struct err *e)
{
	return err_set(e, ERR_SETUP, "%s, line %d: %s is \"%s\", expected %s", in->path,
		       insurer_line(in->path, NULL, value), key, value, expected);
}

/* 2.6.1.1.0 */
static bool is_version(const char *text)
{
	int parts = 0;

	for (; parts < VERSION_PARTS; parts++) {
		size_t digits = strspn(text, "0123456789");

		if (digits < 1 || digits > 3)
			return false;
		text += digits;
		if (*text != '.')
			break;
		text++;
	}
	return parts == VERSION_PARTS - 1 && !*text;
}

static bool is_category(const char *text)
{
	size_t digits = strspn(text, "0123456789");

	return !text[digits] && (digits == 3 || digits == 6 || digits == 9);
}

static char *copy(const struct insurer *in, const char *text)
{
	return text ? talloc_strdup(in, text) : NULL;
}

static bool wire_texts_check(const struct insurer *in, const struct wire_row *w, struct err *e)
{
	static const char version[] = "five numbers such as 2.6.1.1.0";

	if (w->transfer_version && !is_version(w->transfer_version))
		return wire_wrong(in, "transfer_version", w->transfer_version, version, e);
	if (w->sts_version && !text_equal(w->sts_version, OMITTED) && !is_version(w->sts_version))
		return wire_wrong(in, "sts_version", w->sts_version,
				  "five numbers such as 2.6.1.1.0, or " OMITTED, e);
	if (w->category && !is_category(w->category))
		return wire_wrong(in, "category", w->category,
				  "three, six or nine digits such as 120010000", e);
	if (w->time_zone && !zone_known(w->time_zone))
		return wire_wrong(in, "time_zone", w->time_zone,
				  "a time zone of this machine such as Europe/Berlin", e);
	return true;
}

/* ---- releases and namespaces ---- */

/* What the file says, else what is known of the release. A guess would be refused by the insurer with a sentence that names neither. */
static bool messages_take(enum message_namespace *messages, const int *said, const char *key,
			  const char *version, const struct insurer *in, struct err *e)
{
	if (said)
		*messages = (enum message_namespace) * said;
	else if (!message_namespace_of(messages, version))
		return err_set(e, ERR_SETUP,
			       "%s, line %d: where release %s has its BiPROVersion is not known: "
			       "%s must say nachrichten or allgemein",
			       in->path, insurer_line(in->path, NULL, version), version, key);
	return true;
}

/* The token service is often of another release than the transfer service; where the file says nothing, of the same. */
static bool releases_take(struct insurer *in, const struct wire_row *w, struct err *e)
{
	struct profile *p = &in->profile;

	if (w->transfer_version)
		p->transfer_version = copy(in, w->transfer_version);
	if (!messages_take(&p->messages, w->messages, "message_namespace", p->transfer_version, in,
			   e))
		return false;
	p->sts_version = p->transfer_version;
	p->sts_messages =
		w->sts_messages ? (enum message_namespace) * w->sts_messages : p->messages;
	if (text_equal(w->sts_version, OMITTED) ||
	    (!w->sts_version && p->sts_dialect == STS_VEMA)) {
		p->sts_version = NULL;
		return true;
	}
	if (!w->sts_version)
		return true;
	p->sts_version = copy(in, w->sts_version);
	return messages_take(&p->sts_messages, w->sts_messages, "sts_namespace", p->sts_version, in,
			     e);
}

/* ---- SOAPAction ---- */

/* It stands between quotation marks in one line of a header. */
static bool is_action_uri(const char *text)
{
	const char *star = strchr(text, '*');

	if (!strchr(text, ':') || (star && strchr(star + 1, '*')))
		return false;
	for (; *text; text++)
		if (*text <= ' ' || *text > '~' || *text == '"' || *text == '\\')
			return false;
	return true;
}

static bool action_read(enum soap_action *action, char **uri, const char *key, const char *text,
			const struct insurer *in, struct err *e)
{
	static const char *const words[] = {
		[ACTION_URN] = "urn",
		[ACTION_BARE] = "bare",
		[ACTION_EMPTY] = "empty",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (strcmp(words[i], text) == 0) {
			*action = (enum soap_action)i;
			return true;
		}
	if (!is_action_uri(text))
		return wire_wrong(in, key, text,
				  "urn, bare, empty, or an address with * for the operation", e);
	*action = ACTION_URI;
	*uri = copy(in, text);
	return true;
}

static bool actions_take(struct insurer *in, const struct wire_row *w, struct err *e)
{
	struct profile *p = &in->profile;

	if (w->soap_action &&
	    !action_read(&p->action, &p->action_uri, "soap_action", w->soap_action, in, e))
		return false;
	if (w->sts_soap_action)
		return action_read(&p->sts_action, &p->sts_action_uri, "sts_soap_action",
				   w->sts_soap_action, in, e);
	p->sts_action = p->sts_dialect == STS_VEMA ? ACTION_EMPTY : p->action;
	if (p->sts_action == ACTION_URI)
		return err_set(e, ERR_SETUP,
			       "%s, line %d: soap_action is an address of the transfer service: "
			       "sts_soap_action must say what the token service wants",
			       in->path, insurer_line(in->path, NULL, w->soap_action));
	return true;
}

/* ---- hours and limits ---- */

static bool windows_take(struct insurer *in, const struct wire_row *w, struct err *e)
{
	struct profile *p = &in->profile;

	if (w->time_zone)
		p->time_zone = copy(in, w->time_zone);
	p->windows = talloc_zero_array(in, struct window, w->windows_count);
	p->window_count = w->windows_count;
	for (unsigned i = 0; i < w->windows_count; i++)
		if (!window_parse(&p->windows[i], w->windows[i], e))
			return err_prefix(e, "%s", in->path);
	return true;
}

static bool wire_limits_take(struct profile *p, const struct wire_row *w, const char *path,
			     struct err *e)
{
	if (w->answer_bytes_most)
		p->answer_bytes_most = *w->answer_bytes_most;
	if (w->answer_bytes_most && *w->answer_bytes_most < 1024)
		return err_set(e, ERR_SETUP, "%s: answer_bytes_most is below 1024", path);
	return count_take(&p->acknowledge_after_h, w->acknowledge_after_h, 0,
			  ACKNOWLEDGE_AFTER_MOST_H, "acknowledge_after_h", path, e) &&
	       count_take(&p->parallel, w->parallel, 1, PARALLEL_MOST, "parallel", path, e) &&
	       count_take(&p->calls_per_minute, w->calls_per_minute, 1, CALLS_PER_MINUTE_MOST,
			  "calls_per_minute", path, e) &&
	       seconds_take(&p->connect_timeout_s, w->connect_timeout_s, "connect_timeout_s", path,
			    e) &&
	       seconds_take(&p->sts_timeout_s, w->sts_timeout_s, "sts_timeout_s", path, e) &&
	       seconds_take(&p->list_timeout_s, w->list_timeout_s, "list_timeout_s", path, e) &&
	       seconds_take(&p->get_timeout_s, w->get_timeout_s, "get_timeout_s", path, e) &&
	       seconds_take(&p->poll_interval_s, w->poll_interval_s, "poll_interval_s", path, e) &&
	       count_take(&p->list_most, w->list_most, 1, LIST_MOST, "list_most", path, e);
}

static void words_take(struct profile *p, const struct wire_row *w)
{
	if (w->wrappers)
		p->wrappers = (enum wrapper_case) * w->wrappers;
	if (w->sts_dialect)
		p->sts_dialect = (enum sts_dialect) * w->sts_dialect;
	if (w->flag)
		p->flag = (enum acknowledge_flag) * w->flag;
	if (w->consumer_id)
		p->consumer_id_required = *w->consumer_id != 0;
	if (w->signature)
		p->signature = (enum signature_policy) * w->signature;
	if (w->login)
		p->login = (enum login_kind) * w->login;
	if (w->acknowledge)
		p->acknowledge = (enum acknowledge_mode) * w->acknowledge;
}

bool insurer_wire_take(struct insurer *in, const struct wire_row *row, struct err *e)
{
	struct profile *p = &in->profile;

	*p = profile_default;
	if (!row)
		return true;
	in->has_wire = true;
	in->wire_source = copy(in, row->source);
	if (!wire_texts_check(in, row, e))
		return false;
	if (row->category)
		p->category = copy(in, row->category);
	words_take(p, row);
	return releases_take(in, row, e) && actions_take(in, row, e) &&
	       wire_limits_take(p, row, in->path, e) && windows_take(in, row, e);
}
