#include "base/conf.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/yaml.h"

/* The file as it stands; every key may be left out. */
struct conf_file {
	char *broker, *state, *database, *system_user, *source, *listen;
	char **insurers;
	unsigned insurers_count;
	unsigned *workers;
	enum log_level *log;
	bool *cage;
	bool *strict_lines, *shadow;
	char *keep_events, *keep_audit;
	char *schemas;
	char *web, *url, *session_idle, *session_most, *login_header;
	char **proxies;
	unsigned proxies_count;
	unsigned *digest_hour;
	unsigned *second_bits, *repair_bits, *apart_bits;
};

static const cyaml_strval_t levels[] = {
	{ "debug", LOG_AT_DEBUG },
	{ "info", LOG_AT_INFO },
	{ "warn", LOG_AT_WARN },
	{ "error", LOG_AT_ERROR },
};

static const cyaml_schema_value_t folder = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, PATH_MAX),
};

static const cyaml_schema_value_t address = {
	CYAML_VALUE_STRING(CYAML_FLAG_POINTER, char, 1, 64),
};

#define OPTIONAL CYAML_FLAG_POINTER | CYAML_FLAG_OPTIONAL

static const cyaml_schema_field_t keys[] = {
	CYAML_FIELD_STRING_PTR("broker", OPTIONAL, struct conf_file, broker, 1, 64),
	CYAML_FIELD_STRING_PTR("state", OPTIONAL, struct conf_file, state, 1, PATH_MAX),
	CYAML_FIELD_STRING_PTR("database", OPTIONAL, struct conf_file, database, 0, 1024),
	CYAML_FIELD_STRING_PTR("system_user", OPTIONAL, struct conf_file, system_user, 0, 64),
	CYAML_FIELD_STRING_PTR("source", OPTIONAL, struct conf_file, source, 1, 256),
	CYAML_FIELD_STRING_PTR("listen", OPTIONAL, struct conf_file, listen, 0, 64),
	CYAML_FIELD_STRING_PTR("schemas", OPTIONAL, struct conf_file, schemas, 0, PATH_MAX),
	CYAML_FIELD_STRING_PTR("web", OPTIONAL, struct conf_file, web, 0, PATH_MAX),
	CYAML_FIELD_STRING_PTR("url", OPTIONAL, struct conf_file, url, 0, 256),
	CYAML_FIELD_SEQUENCE("proxies", OPTIONAL, struct conf_file, proxies, &address, 0, 16),
	CYAML_FIELD_STRING_PTR("login_header", OPTIONAL, struct conf_file, login_header, 0, 64),
	CYAML_FIELD_STRING_PTR("session_idle", OPTIONAL, struct conf_file, session_idle, 0, 16),
	CYAML_FIELD_STRING_PTR("session_most", OPTIONAL, struct conf_file, session_most, 0, 16),
	CYAML_FIELD_SEQUENCE("insurers", OPTIONAL, struct conf_file, insurers, &folder, 1, 16),
	CYAML_FIELD_UINT_PTR("workers", OPTIONAL, struct conf_file, workers),
	CYAML_FIELD_ENUM_PTR("log", OPTIONAL | CYAML_FLAG_STRICT, struct conf_file, log, levels, 4),
	CYAML_FIELD_BOOL_PTR("cage", OPTIONAL, struct conf_file, cage),
	CYAML_FIELD_BOOL_PTR("strict_lines", OPTIONAL, struct conf_file, strict_lines),
	CYAML_FIELD_BOOL_PTR("shadow", OPTIONAL, struct conf_file, shadow),
	CYAML_FIELD_STRING_PTR("keep_events", OPTIONAL, struct conf_file, keep_events, 0, 16),
	CYAML_FIELD_STRING_PTR("keep_audit", OPTIONAL, struct conf_file, keep_audit, 0, 16),
	CYAML_FIELD_UINT_PTR("digest_hour", OPTIONAL, struct conf_file, digest_hour),
	CYAML_FIELD_UINT_PTR("second_signal_bits", OPTIONAL, struct conf_file, second_bits),
	CYAML_FIELD_UINT_PTR("repair_bits", OPTIONAL, struct conf_file, repair_bits),
	CYAML_FIELD_UINT_PTR("apart_bits", OPTIONAL, struct conf_file, apart_bits),
	CYAML_FIELD_END,
};

static const cyaml_schema_value_t schema = {
	CYAML_VALUE_MAPPING(CYAML_FLAG_POINTER, struct conf_file, keys),
};

/* The folder that the file stands in, absolute. */
static char *folder_of(const char *path, TALLOC_CTX *mem)
{
	char *real = realpath(path, NULL);
	char *folder_name = talloc_strdup(mem, real ? real : "/");
	char *slash = strrchr(folder_name, '/');

	free(real);
	slash[slash == folder_name] = 0;
	return folder_name;
}

static char *absolute(const char *path, const char *base, TALLOC_CTX *mem)
{
	return *path == '/' ? talloc_strdup(mem, path) : talloc_asprintf(mem, "%s/%s", base, path);
}

static bool broker_check(const char *broker, const char *path, struct err *e)
{
	if (strspn(broker, "abcdefghijklmnopqrstuvwxyz0123456789-_") == strlen(broker))
		return true;
	return err_set(e, ERR_SETUP, "%s: broker may hold a-z, 0-9, - and _ only", path);
}

/* "90d" or "forever": 0 */
static bool days_take(int *days, const char *text, int otherwise, const char *key, const char *path,
		      struct err *e)
{
	size_t digits = text ? strspn(text, "0123456789") : 0;

	*days = text ? 0 : otherwise;
	if (!text || !strcmp(text, "forever"))
		return true;
	if (digits && digits <= 5 && !strcmp(text + digits, "d"))
		*days = atoi(text);
	return *days > 0 ||
	       err_set(e, ERR_SETUP, "%s: %s is a number of days such as 90d, or forever", path,
		       key);
}

static bool digest_take(struct conf *conf, const unsigned *hour, struct err *e)
{
	conf->digest_hour = hour && *hour <= 24 ? (int)*hour : 7;
	return !hour || *hour <= 24 ||
	       err_set(e, ERR_SETUP, "%s: digest_hour is %u, expected 0 to 23, or 24: never",
		       conf->path, *hour);
}

static void insurers_take(struct conf *conf, const struct conf_file *file, const char *base)
{
	static char shipped[] = "insurers";
	char *only[] = { shipped };
	char **from = file->insurers_count ? file->insurers : only;

	conf->insurer_count = file->insurers_count ? file->insurers_count : 1;
	conf->insurers = talloc_array(conf, char *, conf->insurer_count);
	for (size_t i = 0; i < conf->insurer_count; i++)
		conf->insurers[i] = absolute(from[i], base, conf);
}

/* 8 bits are one chance in 256, more than anybody should file by; nothing reaches 60. */
static bool bits_take_one(int *bits, const unsigned *given, int otherwise, const char *key,
			  const char *path, struct err *e)
{
	*bits = given ? (int)*given : otherwise;
	return (*bits >= 8 && *bits <= 60) ||
	       err_set(e, ERR_SETUP, "%s: %s is %u, expected 8 to 60", path, key, *given);
}

static bool bits_take(struct conf *conf, const struct conf_file *file, const char *path,
		      struct err *e)
{
	return bits_take_one(&conf->second_bits, file->second_bits, 13, "second_signal_bits", path,
			     e) &&
	       bits_take_one(&conf->repair_bits, file->repair_bits, 13, "repair_bits", path, e) &&
	       bits_take_one(&conf->apart_bits, file->apart_bits, 14, "apart_bits", path, e);
}

/* "30m", "12h", "7d" */
static bool seconds_take(int *seconds, const char *text, const char *otherwise, const char *key,
			 const char *path, struct err *e)
{
	const char *given = text ? text : otherwise;
	size_t digits = strspn(given, "0123456789");
	int unit = !strcmp(given + digits, "m")   ? 60
		   : !strcmp(given + digits, "h") ? 3600
		   : !strcmp(given + digits, "d") ? 86400
						  : 0;

	*seconds = digits && digits <= 3 ? atoi(given) * unit : 0;
	return *seconds > 0 ||
	       err_set(e, ERR_SETUP, "%s: %s is a time such as 30m, 12h or 7d", path, key);
}

/* An origin: no path, and plain http only for this machine. */
static bool url_take(struct conf *conf, const char *url, struct err *e)
{
	const char *host = url ? strstr(url, "://") : NULL;

	conf->url = talloc_strdup(conf, url ? url : "");
	return !url || !*url ||
	       (host && host[3] && !strchr(host + 3, '/') &&
		(!strncmp(url, "https://", 8) || !strncmp(url, "http://", 7))) ||
	       err_set(e, ERR_SETUP,
		       "%s: url is '%s', expected one like https://vorpost.example, without a path",
		       conf->path, url);
}

static bool web_take(struct conf *conf, const struct conf_file *file, const char *base,
		     struct err *e)
{
	conf->web =
		file->web && *file->web ? absolute(file->web, base, conf) : talloc_strdup(conf, "");
	conf->login_header = talloc_strdup(conf, file->login_header ? file->login_header : "");
	conf->proxies = talloc_zero_array(conf, const char *, file->proxies_count + 1);
	for (unsigned i = 0; i < file->proxies_count; i++)
		conf->proxies[i] = talloc_strdup(conf, file->proxies[i]);
	if (*conf->login_header && !file->proxies_count)
		return err_set(e, ERR_SETUP, "%s: login_header needs the addresses of `proxies:`",
			       conf->path);
	if (*conf->login_header && (!file->url || !*file->url))
		return err_set(
			e, ERR_SETUP,
			"%s: login_header needs `url:`, the page as browsers see it behind the proxy, "
			"https://vorpost.example",
			conf->path);
	return url_take(conf, file->url, e) &&
	       seconds_take(&conf->session_idle_s, file->session_idle, "12h", "session_idle",
			    conf->path, e) &&
	       seconds_take(&conf->session_most_s, file->session_most, "7d", "session_most",
			    conf->path, e);
}

/* Foreign XML is held against them by a program in a cage, or not at all. */
static bool schemas_take(struct conf *conf, const char *schemas, const char *base, struct err *e)
{
	bool given = schemas && *schemas;

	conf->schemas = given ? absolute(schemas, base, conf) : talloc_strdup(conf, "");
	return !given || conf->cage ||
	       err_set(e, ERR_SETUP, "%s: schemas needs `cage: on`", conf->path);
}

static bool conf_fill(struct conf *conf, const struct conf_file *file, const char *path,
		      struct err *e)
{
	char *base = folder_of(path, conf);

	conf->path = talloc_strdup(conf, path);
	conf->broker = talloc_strdup(conf, file->broker ? file->broker : "default");
	conf->state = absolute(file->state ? file->state : "/var/lib/vorpost", base, conf);
	conf->database = talloc_strdup(conf, file->database ? file->database : "");
	conf->system_user = talloc_strdup(conf, file->system_user ? file->system_user : "");
	conf->source = file->source ? talloc_strdup(conf, file->source)
				    : talloc_asprintf(conf, "//vorpost/%s", conf->broker);
	conf->listen = talloc_strdup(conf, file->listen ? file->listen : "");
	conf->workers = file->workers ? (int)*file->workers : 2;
	conf->log = file->log ? *file->log : LOG_AT_INFO;
	conf->cage = !file->cage || *file->cage;
	conf->strict_lines = file->strict_lines && *file->strict_lines;
	conf->shadow = file->shadow && *file->shadow;
	if (!bits_take(conf, file, path, e) || !web_take(conf, file, base, e))
		return false;
	insurers_take(conf, file, base);
	if (!schemas_take(conf, file->schemas, base, e))
		return false;
	if (conf->workers < 1 || conf->workers > 64)
		return err_set(e, ERR_SETUP, "%s: workers is %d, expected 1 to 64", path,
			       conf->workers);
	return days_take(&conf->keep_days, file->keep_events, 90, "keep_events", path, e) &&
	       days_take(&conf->keep_audit_days, file->keep_audit, 1095, "keep_audit", path, e) &&
	       digest_take(conf, file->digest_hour, e) && broker_check(conf->broker, path, e);
}

/* Where none was named the usual places were tried, the nearest first (base/command.c). */
static void no_file(const char *path, struct err *e)
{
	bool usual = strcmp(path, CONF_INSTALLED) == 0 && access("vorpost.yaml", R_OK) != 0;

	err_clear(e);
	err_set(e, ERR_SETUP,
		"there is no readable configuration %s%s; `vorpost init --config %s` writes one",
		path, usual ? " nor ./vorpost.yaml" : "", usual ? "vorpost.yaml" : path);
}

struct conf *conf_load(const char *path, TALLOC_CTX *mem, struct err *e)
{
	struct conf *conf = talloc_zero(mem, struct conf);
	void *file;

	if (yaml_load(&file, path, &schema, conf, e) && conf_fill(conf, file, path, e))
		return conf;
	if (e && e->kind == ERR_MISSING)
		no_file(path, e);
	talloc_free(conf);
	return NULL;
}
