/*
 * asker.c -- writes one row, in each of the ways in which store/ asks, and says whether an answer came: so that a lost statement
 * and a lost answer (nth.c) are seen to be what they are called.
 * usage: asker CONNINFO exec|prepared|pipeline ROW     into table lost, which is there
 */
#include <libpq-fe.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>

static bool send(PGconn *conn, const char *row, bool pipeline)
{
	bool ok =
		!pipeline || (PQenterPipelineMode(conn) &&
			      PQsendPrepare(conn, "late", "insert into lost values ($1)", 0, NULL));

	return ok &&
	       PQsendQueryPrepared(conn, pipeline ? "late" : "early", 1, &row, NULL, NULL, 0) &&
	       (!pipeline || PQpipelineSync(conn));
}

/* Of every part of a pipeline, each of which ends with NULL. */
static bool receive(PGconn *conn, bool pipeline)
{
	bool answered = true;

	for (int part = 0; part < (pipeline ? 2 : 1); part++) {
		PGresult *result = PQgetResult(conn);

		answered = answered && PQresultStatus(result) == PGRES_COMMAND_OK;
		PQclear(result);
		if (answered)
			PQclear(PQgetResult(conn));
	}
	return answered;
}

static bool asked(PGconn *conn, const char *way, const char *row)
{
	bool pipeline = !strcmp(way, "pipeline"), answered;
	char text[100];
	PGresult *result;

	if (strcmp(way, "exec") != 0)
		return send(conn, row, pipeline) && receive(conn, pipeline);
	snprintf(text, sizeof text, "insert into lost values ('%s')", row);
	result = PQexec(conn, text);
	answered = PQresultStatus(result) == PGRES_COMMAND_OK;
	PQclear(result);
	return answered;
}

int main(int argc, char **argv)
{
	PGconn *conn = argc == 4 ? PQconnectdb(argv[1]) : NULL;

	if (PQstatus(conn) != CONNECTION_OK)
		return EX_USAGE;
	PQclear(PQprepare(conn, "early", "insert into lost values ($1)", 0, NULL));
	puts(asked(conn, argv[2], argv[3]) ? "answered" : "not answered");
	PQfinish(conn);
	return 0;
}
