#include "api/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"

#define TYPE_PREFIX   "urn:vorpost:problem:"
#define DETAIL_MAX    512
#define RETRY_AFTER_S 2
#define THROTTLED_S   60

static const struct {
	unsigned status;
	const char *type, *title, *german;
	int retry_after_s;
} kinds[] = {
	[PROBLEM_MALFORMED] = { 400, "malformed", "The request cannot be read",
				"Die Anfrage ist nicht lesbar.", 0 },
	[PROBLEM_ARGUMENT] = { 400, "argument", "A part of the query is not understood",
			       "Ein Teil der Anfrage ist unverständlich.", 0 },
	[PROBLEM_TOKEN] = { 401, "token", "A valid token is needed", "Bitte melden Sie sich an.",
			    0 },
	[PROBLEM_SIGNATURE] = { 401, "signature", "The signature does not hold",
				"Die Signatur stimmt nicht.", 0 },
	[PROBLEM_SESSION] = { 401, "session", "The session is over",
			      "Ihre Sitzung ist abgelaufen. Bitte melden Sie sich neu an.", 0 },
	[PROBLEM_LOGIN] = { 401, "login", "The login is refused",
			    "Benutzername oder Passwort ist falsch.", 0 },
	[PROBLEM_SCOPE] = { 403, "scope", "This is not allowed", "Dazu haben Sie kein Recht.", 0 },
	[PROBLEM_CSRF] = { 403, "csrf", "The request does not come from the page",
			   "Die Anfrage kam nicht von dieser Seite. Bitte laden Sie die Seite neu.",
			   0 },
	[PROBLEM_PATH] = { 404, "path", "There is nothing here", "Diese Adresse gibt es nicht.",
			   0 },
	[PROBLEM_MISSING] = { 404, "missing", "It does not exist", "Das gibt es nicht.", 0 },
	[PROBLEM_METHOD] = { 405, "method", "The method is not for this path",
			     "So lässt sich diese Adresse nicht ansprechen.", 0 },
	[PROBLEM_CONFLICT] = { 409, "conflict", "It is not as it was",
			       "Der Stand hat sich inzwischen geändert.", 0 },
	[PROBLEM_CURSOR_AHEAD] = { 409, "cursor-ahead", "The cursor lies in the future",
				   "Die Leseposition liegt in der Zukunft.", 0 },
	[PROBLEM_CURSOR_BACK] = { 409, "cursor-back", "The position does not go back",
				  "Die Leseposition geht nicht zurück.", 0 },
	[PROBLEM_CURSOR_GONE] = { 410, "cursor-gone", "These events are no longer kept",
				  "Diese Ereignisse werden nicht mehr aufbewahrt.", 0 },
	[PROBLEM_TOO_LARGE] = { 413, "too-large", "The body is too large", "Das ist zu groß.", 0 },
	[PROBLEM_MEDIA_TYPE_NOT] = { 415, "media-type", "The media type is not taken here",
				     "Dieses Format wird hier nicht angenommen.", 0 },
	[PROBLEM_RANGE] = { 416, "range", "The range lies outside",
			    "Diesen Ausschnitt gibt es nicht.", 0 },
	[PROBLEM_HOST] = { 421, "host", "The server has another name",
			   "Unter diesem Namen antwortet der Server nicht. Bitte rufen Sie die Adresse auf, die "
			   "Ihnen genannt wurde.",
			   0 },
	[PROBLEM_CONTENT] = { 422, "content", "The content cannot be taken",
			      "Eine Angabe fehlt oder ist ungültig.", 0 },
	[PROBLEM_THROTTLED] = { 429, "throttled", "Too many wrong attempts",
				"Zu viele Fehlversuche. Bitte warten Sie eine Minute.",
				THROTTLED_S },
	[PROBLEM_RATE] = { 429, "rate", "Too much is asked in a short time",
			   "Das waren sehr viele Anfragen in kurzer Zeit. Bitte einen Moment warten.",
			   RETRY_AFTER_S },
	[PROBLEM_HEAD_TOO_LARGE] = { 431, "head-too-large", "The header lines are too large",
				     "Die Kopfzeilen der Anfrage sind zu groß.", 0 },
	[PROBLEM_INTERNAL] = { 500, "internal", "Our own mistake",
			       "Da ist uns ein Fehler unterlaufen. Bitte nachsehen, ob etwas geändert wurde.",
			       0 },
	[PROBLEM_DATABASE_AWAY] = { 503, "database-away", "The database is away",
				    "Die Datenbank ist gerade nicht erreichbar.", RETRY_AFTER_S },
	[PROBLEM_STOPPING] = { 503, "stopping", "The server is stopping",
			       "Der Server wird gerade neu gestartet.", RETRY_AFTER_S },
};

static bool answer(struct request *request, enum problem_kind kind, json_t *more,
		   const char *detail)
{
	char *type = talloc_asprintf(request, TYPE_PREFIX "%s", kinds[kind].type);
	json_t *body = json_pack("{s:s, s:s, s:i, s:s, s:s}", "type", type, "title",
				 kinds[kind].title, "status", (int)kinds[kind].status, "detail",
				 detail, "detail_de", kinds[kind].german);
	char *text;

	if (more)
		json_object_update(body, more);
	text = json_dumps(body, JSON_COMPACT);
	reply_text(request, kinds[kind].status, PROBLEM_MEDIA_TYPE, talloc_strdup(request, text));
	if (kinds[kind].retry_after_s)
		reply_head_number(request, "Retry-After",
				  request->reply.retry_after_s ? request->reply.retry_after_s
							       : kinds[kind].retry_after_s);
	if (kind == PROBLEM_TOKEN || kind == PROBLEM_SIGNATURE)
		reply_head(request, "WWW-Authenticate", "Bearer realm=\"vorpost\"");
	free(text);
	json_decref(body);
	json_decref(more);
	return false;
}

static bool answer_with(struct request *request, enum problem_kind kind, json_t *more,
			const char *format, va_list values)
{
	char detail[DETAIL_MAX];

	vsnprintf(detail, sizeof detail, format, values);
	text_mend(detail);
	return answer(request, kind, more, detail);
}

bool problem(struct request *request, enum problem_kind kind, const char *format, ...)
{
	va_list values;

	va_start(values, format);
	answer_with(request, kind, NULL, format, values);
	va_end(values);
	return false;
}

bool problem_more(struct request *request, enum problem_kind kind, json_t *more, const char *format,
		  ...)
{
	va_list values;

	va_start(values, format);
	answer_with(request, kind, more, format, values);
	va_end(values);
	return false;
}

bool problem_german(struct request *request, enum problem_kind kind, json_t *more,
		    const char *german, const char *format, ...)
{
	char *mended = talloc_strdup(request, german);
	va_list values;

	text_mend(mended);
	more = more ? more : json_object();
	json_object_set_new(more, "detail_de", json_string(mended));
	va_start(values, format);
	answer_with(request, kind, more, format, values);
	va_end(values);
	return false;
}

bool problem_of(struct request *request, const struct err *e)
{
	struct api *api = request->api;

	if (e->kind == ERR_RETRY)
		return problem(
			request, PROBLEM_DATABASE_AWAY,
			"the database cannot be reached, ask again; where a change was asked for, look "
			"first whether it was made");
	if (api->conf.tell)
		api->conf.tell(api->conf.tell_arg, request->path, e);
	return problem(request, PROBLEM_INTERNAL, "the request cannot be served; the log says why");
}
