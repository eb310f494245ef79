#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "events/sink_nats_inside.h"

/* ---- under the lock ---- */

void bus_tell(struct bus *bus)
{
	uint64_t one = 1;

	if (write(bus->fd, &one, sizeof one) < 0)
		return; /* it is full: readable all the same */
}

/* Servers and certificates have their say in it. */
static void text_plain(char *text)
{
	for (; *text; text++)
		if (*text < ' ' || *text > '~')
			*text = '?';
}

void voyage_end(struct line *line, struct voyages *from, struct voyage *voyage)
{
	TAILQ_REMOVE(from, voyage, link);
	TAILQ_INSERT_TAIL(&line->bus->landed, voyage, link);
	text_plain(voyage->landing.trouble.text);
	voyage->landing.took_ms = clock_monotonic_ms() - voyage->began_ms;
	bus_tell(line->bus);
}

static void voyages_fail(struct line *line, struct voyages *list)
{
	struct voyage *voyage;

	while ((voyage = TAILQ_FIRST(list))) {
		natsMsg_Destroy(voyage->msg);
		voyage->msg = NULL;
		voyage->landing.trouble = line->trouble;
		voyage_end(line, list, voyage);
	}
}

void line_lose(struct line *line, const struct err *why)
{
	if (!line->lost)
		line->trouble = *why;
	line->lost = true;
	voyages_fail(line, &line->published);
	voyages_fail(line, &line->waiting);
	pthread_cond_broadcast(&line->news);
}

bool line_live(const struct line *line)
{
	return !line->stop && !line->lost;
}

/* ---- called by the library's threads ---- */

static const struct {
	int code;
	const char *words;
} stream_refusals[] = {
	{ 10008, "JetStream has no leader or is not ready" },
	{ 10009, "the stream's cluster has no leader" },
	{ 10023, "the server has no room left" },
	{ 10035, "JetStream is switched off for this account" },
	{ 10039, "JetStream is switched off for this account" },
	{ 10047, "the server's store is full" },
	{ 10054, "the event is larger than the stream permits" },
	{ 10076, "JetStream is switched off" },
	{ 10077, "the stream does not take it (is it full?)" },
};

static void refusal_words(struct err *e, const json_t *error)
{
	int code = (int)json_integer_value(json_object_get(error, "err_code"));
	const char *text = json_string_value(json_object_get(error, "description"));
	const char *words = "the stream refuses it";

	for (size_t i = 0; i < sizeof stream_refusals / sizeof *stream_refusals; i++)
		if (stream_refusals[i].code == code)
			words = stream_refusals[i].words;
	err_set(e, ERR_RETRY, "%s: %.200s (%d)", words, text ? text : "no reason given", code);
}

/* {"stream": "S", "seq": 7, "duplicate": true} or {"error": {...}} */
static void ack_read(struct bus_landing *landing, natsMsg *msg)
{
	json_t *ack = json_loadb(natsMsg_GetData(msg), (size_t)natsMsg_GetDataLength(msg), 0, NULL);
	const json_t *error = json_object_get(ack, "error");
	const char *stream = json_string_value(json_object_get(ack, "stream"));

	if (natsMsg_IsNoResponders(msg))
		err_set(&landing->trouble, ERR_RETRY,
			"no stream takes this subject, or JetStream is not there");
	else if (error)
		refusal_words(&landing->trouble, error);
	else if (!stream)
		err_set(&landing->trouble, ERR_RETRY,
			"the answer is no acknowledgement of a stream");
	else
		landing->stored = true;
	if (landing->stored) {
		snprintf(landing->stream, sizeof landing->stream, "%s", stream);
		landing->sequence = (uint64_t)json_integer_value(json_object_get(ack, "seq"));
		landing->repeated = json_is_true(json_object_get(ack, "duplicate"));
	}
	json_decref(ack);
}

void line_replied(natsConnection *connection, natsSubscription *replies, natsMsg *msg, void *arg)
{
	struct line *line = arg;
	const char *dot = strrchr(natsMsg_GetSubject(msg), '.');
	uint64_t number = dot ? strtoull(dot + 1, NULL, 10) : 0;
	struct voyage *voyage;

	(void)connection;
	(void)replies;
	pthread_mutex_lock(&line->bus->lock);
	TAILQ_FOREACH(voyage, &line->published, link)
	if (voyage->number == number)
		break;
	if (voyage) {
		ack_read(&voyage->landing, msg);
		voyage_end(line, &line->published, voyage);
	}
	pthread_mutex_unlock(&line->bus->lock);
	natsMsg_Destroy(msg);
}

void line_completed(void *arg)
{
	struct line *line = arg;

	pthread_mutex_lock(&line->bus->lock);
	line->subscribed = false;
	pthread_cond_broadcast(&line->news);
	pthread_mutex_unlock(&line->bus->lock);
}

void line_closed(natsConnection *connection, void *arg)
{
	struct line *line = arg;
	const char *reason = NULL;
	struct err why = { 0 };

	natsConnection_GetLastError(connection, &reason);
	err_set(&why, ERR_RETRY, "the connection to the node was lost%s%.200s",
		reason && *reason ? ": " : "", reason ? reason : "");
	pthread_mutex_lock(&line->bus->lock);
	line->closed = true;
	line_lose(line, &why);
	pthread_mutex_unlock(&line->bus->lock);
}

/* The default one prints; the reason comes with line_closed. */
void line_errored(natsConnection *connection, natsSubscription *sub, natsStatus status, void *arg)
{
	struct line *line = arg;
	const char *reason = NULL;
	struct err why = { 0 };

	(void)sub;
	if (status != NATS_NOT_PERMITTED)
		return;
	natsConnection_GetLastError(connection, &reason);
	err_set(&why, ERR_RETRY, "the server does not permit it: %.200s", reason ? reason : "");
	pthread_mutex_lock(&line->bus->lock);
	line_lose(line, &why);
	pthread_mutex_unlock(&line->bus->lock);
}
