#include "ingest/connection.h"

#include <stdio.h>
#include <string.h>

#include "base/name.h"
#include "base/text.h"
#include "ingest/http.h"
#include "ingest/login.h"

static char *copied(const struct rows *rows, int row, const char *column, TALLOC_CTX *mem)
{
	return talloc_strdup(mem, rows_text(rows, row, column));
}

static void from_row(struct connection *c, const struct rows *rows, int row, TALLOC_CTX *mem)
{
	*c = (struct connection){
		.broker = copied(rows, row, "broker", mem),
		.name = copied(rows, row, "connection", mem),
		.issuer = copied(rows, row, "issuer", mem),
		.sts_url = copied(rows, row, "sts_url", mem),
		.transfer_url = copied(rows, row, "transfer_url", mem),
		.username = copied(rows, row, "username", mem),
		.secret_file = copied(rows, row, "secret_file", mem),
		.login = copied(rows, row, "login", mem),
		.key_file = copied(rows, row, "key_file", mem),
		.certificate_file = copied(rows, row, "certificate_file", mem),
		.ca_file = copied(rows, row, "ca_file", mem),
		.ca_crl_file = copied(rows, row, "ca_crl_file", mem),
		.signature = copied(rows, row, "signature", mem),
		.trust_file = copied(rows, row, "trust_file", mem),
		.crl_file = copied(rows, row, "crl_file", mem),
		.signer = copied(rows, row, "signer", mem),
		.consumer_id = copied(rows, row, "consumer_id", mem),
		.acknowledge = copied(rows, row, "acknowledge", mem),
		.acknowledge_after_h = rows_text(rows, row, "acknowledge_after_h")
					       ? (int)rows_int(rows, row, "acknowledge_after_h")
					       : -1,
		.poll_interval_s = (int)rows_int(rows, row, "poll_interval_s"),
		.paused = rows_bool(rows, row, "paused"),
		.pause_reason = copied(rows, row, "pause_reason", mem),
		.due_at = copied(rows, row, "due_at", mem),
		.last_attempt_at = copied(rows, row, "last_attempt_at", mem),
		.last_success_at = copied(rows, row, "last_success_at", mem),
		.last_error = copied(rows, row, "last_error", mem),
		.expiring = (int)rows_int(rows, row, "expiring"),
		.failures = (int)rows_int(rows, row, "failures"),
	};
}

bool connection_load(struct connection **connection, struct db *db, const char *broker,
		     const char *name, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	struct rows *rows;
	bool ok = db_call(db, SQL_connection_load, &rows, tmp, e, broker, name);

	if (ok && rows_count(rows) == 0)
		ok = err_set(e, ERR_MISSING, "there is no connection '%s'", name);
	if (ok) {
		*connection = talloc_zero(mem, struct connection);
		from_row(*connection, rows, 0, *connection);
	}
	talloc_free(tmp);
	return ok;
}

bool connection_all(struct connection **connections, size_t *count, struct db *db,
		    const char *broker, TALLOC_CTX *mem, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(mem);
	struct rows *rows;
	bool ok = db_call(db, SQL_connection_list, &rows, tmp, e, broker);

	if (ok) {
		*count = (size_t)rows_count(rows);
		*connections = talloc_zero_array(mem, struct connection, *count);
		for (size_t i = 0; i < *count; i++)
			from_row(&(*connections)[i], rows, (int)i, *connections);
	}
	talloc_free(tmp);
	return ok;
}

enum acknowledge_mode connection_acknowledge(const struct connection *c,
					     const struct profile *profile)
{
	enum acknowledge_mode mode = profile->acknowledge;

	acknowledge_mode_parse(&mode, c->acknowledge);
	return mode;
}

int64_t connection_acknowledge_s(const struct connection *c, const struct profile *profile)
{
	int hours =
		c->acknowledge_after_h >= 0 ? c->acknowledge_after_h : profile->acknowledge_after_h;

	switch (connection_acknowledge(c, profile)) {
	case ACKNOWLEDGE_MANUAL:
		return -1;
	case ACKNOWLEDGE_DELAYED:
		return (int64_t)hours * 3600;
	default:
		return 0;
	}
}

static bool url_check(const char *option, const char *url, bool allow_plain, struct err *e)
{
	struct err why = { 0 };

	if (url && http_url_check(url, allow_plain, &why))
		return true;
	return err_set(e, ERR_USAGE, "%s: %s", option, url ? why.text : "is missing");
}

bool connection_check(const struct connection *c, const struct profile *profile, bool allow_plain,
		      struct err *e)
{
	if (!name_check(c->name, "a connection's name", e) ||
	    (c->sts_url && !url_check("--sts", c->sts_url, allow_plain, e)) ||
	    !url_check("--transfer", c->transfer_url, allow_plain, e) ||
	    !login_check(c, profile, e))
		return false;
	if (c->acknowledge &&
	    !acknowledge_mode_parse(&(enum acknowledge_mode){ 0 }, c->acknowledge))
		return err_set(e, ERR_USAGE,
			       "--acknowledge is '%s', expected automatic, delayed or manual",
			       c->acknowledge);
	if (profile->consumer_id_required && text_empty(c->consumer_id))
		return err_set(e, ERR_USAGE, "insurer '%s' wants a --consumer-id", c->issuer);
	return true;
}

#define COLUMNS 20 /* of connection_add.sql, in its order */

struct texts {
	char interval[16], after[16];
};

static void to_row(const char *values[COLUMNS], const struct connection *c, struct texts *texts)
{
	const char *const row[COLUMNS] = {
		c->broker,
		c->name,
		c->issuer,
		c->transfer_url,
		c->sts_url,
		c->username,
		c->secret_file,
		c->ca_file,
		c->consumer_id,
		c->poll_interval_s ? texts->interval : NULL,
		c->login,
		c->key_file,
		c->certificate_file,
		c->ca_crl_file,
		c->signature,
		c->trust_file,
		c->crl_file,
		c->signer,
		c->acknowledge,
		c->acknowledge && c->acknowledge_after_h >= 0 ? texts->after : NULL,
	};

	snprintf(texts->interval, sizeof texts->interval, "%d", c->poll_interval_s);
	snprintf(texts->after, sizeof texts->after, "%d", c->acknowledge_after_h);
	memcpy(values, row, sizeof row);
}

bool connection_add(struct db *db, const struct connection *c, struct err *e)
{
	const char *values[COLUMNS];
	struct err why = { 0 };
	struct texts texts;

	to_row(values, c, &texts);
	if (db_run(db, SQL_connection_add, COLUMNS, values, NULL, NULL, &why))
		return true;
	if (why.kind == ERR_CONFLICT)
		return err_set(e, ERR_REFUSED, "there is already a connection '%s'", c->name);
	if (e)
		*e = why;
	return false;
}

static bool one_changed(const struct rows *rows, const char *name, struct err *e)
{
	return rows_count(rows) == 1 ||
	       err_set(e, ERR_MISSING, "there is no connection '%s'", name);
}

bool connection_change(struct db *db, const struct connection *c, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	const char *values[COLUMNS];
	struct rows *rows;
	struct texts texts;
	bool ok;

	to_row(values, c, &texts);
	ok = db_run(db, SQL_connection_change, COLUMNS, values, &rows, tmp, e) &&
	     one_changed(rows, c->name, e);
	talloc_free(tmp);
	return ok;
}

bool connection_remove(struct db *db, const char *broker, const char *name, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct connection *connection;
	struct rows *rows;
	bool ok = connection_load(&connection, db, broker, name, tmp, e) &&
		  db_call(db, SQL_connection_remove, &rows, tmp, e, broker, name);

	if (ok && rows_count(rows) == 0)
		ok = err_set(e, ERR_REFUSED,
			     "connection '%s' has shipments or is being worked on and stays; "
			     "`vorpost connection pause %s` stops asking",
			     name, name);
	talloc_free(tmp);
	return ok;
}

bool connection_pause(struct db *db, const char *broker, const char *name, const char *reason,
		      struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct rows *rows;
	bool ok = db_call(db, SQL_connection_pause, &rows, tmp, e, broker, name, reason) &&
		  one_changed(rows, name, e);

	talloc_free(tmp);
	return ok;
}

bool connection_resume(struct resumed *resumed, struct db *db, const char *broker, const char *name,
		       TALLOC_CTX *mem, struct err *e)
{
	struct rows *rows;

	*resumed = (struct resumed){ 0 };
	if (!db_call(db, SQL_connection_resume, &rows, mem, e, broker, name) ||
	    !one_changed(rows, name, e))
		return false;
	resumed->issuer = rows_text(rows, 0, "issuer");
	resumed->until = rows_text(rows, 0, "until");
	return true;
}

bool connection_soon(struct db *db, const char *broker, const char *name, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct rows *rows;
	bool ok = db_call(db, SQL_connection_soon, &rows, tmp, e, broker, name) &&
		  one_changed(rows, name, e);

	if (ok && rows_bool(rows, 0, "paused"))
		ok = err_set(e, ERR_REFUSED, "%s is paused; it must be resumed first", name);
	talloc_free(tmp);
	return ok;
}
