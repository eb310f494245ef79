#include "ingest/connection.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/name.h"
#include "base/text.h"
#include "ingest/http.h"

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
		.ca_file = copied(rows, row, "ca_file", mem),
		.consumer_id = copied(rows, row, "consumer_id", mem),
		.poll_interval_s = (int)rows_int(rows, row, "poll_interval_s"),
		.paused = rows_bool(rows, row, "paused"),
		.pause_reason = copied(rows, row, "pause_reason", mem),
		.due_at = copied(rows, row, "due_at", mem),
		.last_attempt_at = copied(rows, row, "last_attempt_at", mem),
		.last_success_at = copied(rows, row, "last_success_at", mem),
		.last_error = copied(rows, row, "last_error", mem),
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
	    !url_check("--sts", c->sts_url, allow_plain, e) ||
	    !url_check("--transfer", c->transfer_url, allow_plain, e))
		return false;
	if (text_empty(c->username) || text_empty(c->secret_file))
		return err_set(
			e, ERR_USAGE,
			"--user and --password-file are needed: the login is by user and password");
	if (profile->consumer_id_required && text_empty(c->consumer_id))
		return err_set(e, ERR_USAGE, "insurer '%s' wants a --consumer-id", c->issuer);
	return true;
}

bool connection_add(struct db *db, const struct connection *c, struct err *e)
{
	struct err why = { 0 };
	char interval[16];
	bool ok;

	snprintf(interval, sizeof interval, "%d", c->poll_interval_s);
	ok = db_call(db, SQL_connection_add, NULL, NULL, &why, c->broker, c->name, c->issuer,
		     c->sts_url, c->transfer_url, c->username, c->secret_file, c->ca_file,
		     c->consumer_id, c->poll_interval_s ? interval : NULL);
	if (ok)
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
	struct rows *rows;
	char interval[16];
	bool ok;

	snprintf(interval, sizeof interval, "%d", c->poll_interval_s);
	ok = db_call(db, SQL_connection_change, &rows, tmp, e, c->broker, c->name, c->sts_url,
		     c->transfer_url, c->username, c->secret_file, c->ca_file, c->consumer_id,
		     c->poll_interval_s ? interval : NULL) &&
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

bool connection_resume(struct db *db, const char *broker, const char *name, struct err *e)
{
	TALLOC_CTX *tmp = talloc_new(NULL);
	struct rows *rows;
	bool ok = db_call(db, SQL_connection_resume, &rows, tmp, e, broker, name) &&
		  one_changed(rows, name, e);

	talloc_free(tmp);
	return ok;
}

/* ---- the secret ---- */

static int secret_wipe(char *secret)
{
	explicit_bzero(secret, talloc_get_size(secret));
	return 0;
}

static bool file_check(int fd, const char *path, struct err *e)
{
	struct stat st;

	if (fstat(fd, &st))
		return err_set(e, ERR_SETUP, "password file %s: %m", path);
	if (!S_ISREG(st.st_mode))
		return err_set(e, ERR_SETUP, "password file %s is not a regular file", path);
	if (st.st_mode & S_IROTH)
		return err_set(
			e, ERR_SETUP,
			"password file %s can be read by everybody (mode %03o); chmod 600 it", path,
			(unsigned)st.st_mode & 0777);
	if (st.st_size > SECRET_BYTES_MOST)
		return err_set(e, ERR_SETUP, "password file %s has %lld bytes, limit %d", path,
			       (long long)st.st_size, SECRET_BYTES_MOST);
	return true;
}

/* One line end may follow; anything else than one line is a wrong file rather than a password. */
static bool content_check(char *secret, size_t len, const char *path, struct err *e)
{
	if (len && secret[len - 1] == '\n')
		secret[--len] = '\0';
	if (len && secret[len - 1] == '\r')
		secret[--len] = '\0';
	if (len == 0)
		return err_set(e, ERR_SETUP, "password file %s is empty", path);
	if (memchr(secret, '\n', len) || strlen(secret) != len)
		return err_set(e, ERR_SETUP, "password file %s holds more than one line", path);
	if (!text_valid_utf8(secret, len))
		return err_set(e, ERR_SETUP, "password file %s is not UTF-8", path);
	return true;
}

char *connection_secret(const struct connection *c, TALLOC_CTX *mem, struct err *e)
{
	const char *path = c->secret_file ? c->secret_file : "";
	char *secret = talloc_zero_array(mem, char, SECRET_BYTES_MOST + 1);
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	ssize_t len = -1;
	bool ok;

	talloc_set_destructor(secret, secret_wipe);
	if (fd < 0) {
		ok = err_set(e, ERR_SETUP, "password file %s: %m", path);
	} else {
		ok = file_check(fd, path, e);
		if (ok && (len = read(fd, secret, SECRET_BYTES_MOST)) < 0)
			ok = err_set(e, ERR_SETUP, "password file %s: %m", path);
		close(fd);
	}
	if (ok && content_check(secret, (size_t)len, path, e))
		return secret;
	talloc_free(secret);
	return NULL;
}
