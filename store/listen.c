#include "store/listen.h"

#include <libpq-fe.h>
#include <unistd.h>

#include "store/pg.h"

struct listener {
	PGconn *conn;
	pid_t owner;
};

/* As in db.c: a forked child must not say goodbye on its parent's connection. */
static int listener_destroy(struct listener *listener)
{
	if (listener->owner == getpid())
		PQfinish(listener->conn);
	return 0;
}

struct listener *listener_open(const char *conninfo, const char *channel, TALLOC_CTX *mem,
			       struct err *e)
{
	PGconn *conn = pg_connect(conninfo, e);
	struct listener *listener;
	char *command;
	bool ok;

	if (!conn)
		return NULL;
	listener = talloc_zero(mem, struct listener);
	listener->conn = conn;
	listener->owner = getpid();
	talloc_set_destructor(listener, listener_destroy);
	command = talloc_asprintf(listener, "listen %s", channel);
	ok = pg_command(conn, command, "listen", NULL, e);
	talloc_free(command);
	if (!ok)
		TALLOC_FREE(listener);
	return listener;
}

int listener_fd(const struct listener *listener)
{
	return PQsocket(listener->conn);
}

bool listener_take(bool *heard, struct listener *listener, struct err *e)
{
	PGnotify *notice;

	*heard = false;
	if (!PQconsumeInput(listener->conn) || PQstatus(listener->conn) != CONNECTION_OK)
		return err_set(e, ERR_RETRY, "the connection that listens was lost");
	while ((notice = PQnotifies(listener->conn))) {
		*heard = true;
		PQfreemem(notice);
	}
	return true;
}
