#include "events/sink_nats.h"

#include <inttypes.h>
#include <openssl/crypto.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/uuid7.h"
#include "events/cloudevent.h"
#include "events/secret_file.h"
#include "events/sink_nats_inside.h"

/* ---- lines ---- */

static int line_free(struct line *line)
{
	OPENSSL_cleanse(line->secret, sizeof line->secret);
	pthread_cond_destroy(&line->news);
	return 0;
}

/* The one line of the file, child of mem and wiped when freed. */
static char *secret_line(const char *path, TALLOC_CTX *mem, struct err *e)
{
	char *text = secret_file_read(path, mem, e);
	size_t len = text ? strcspn(text, "\r\n") : 0;

	if (text && len > 0 && len < SECRET_MAX && !text[len + strspn(text + len, "\r\n")]) {
		text[len] = '\0';
		return text;
	}
	talloc_free(text);
	err_set(e, ERR_SETUP, "%s: expected one line, user:password or a token", path);
	return NULL;
}

bool bus_secret_check(const char *path, struct err *e)
{
	char *text = secret_line(path, NULL, e);
	bool ok = text != NULL;

	talloc_free(text);
	return ok;
}

static bool secret_take(struct line *line, const char *path, struct err *e)
{
	char *text = path ? secret_line(path, line, e) : NULL;
	char *colon;

	if (!text)
		return !path;
	strcpy(line->secret, text);
	talloc_free(text);
	colon = strchr(line->secret, ':');
	line->token = colon ? NULL : line->secret;
	line->user = colon ? line->secret : NULL;
	line->password = colon ? colon + 1 : NULL;
	if (colon)
		*colon = '\0';
	return true;
}

static char *line_key(const struct message *message, TALLOC_CTX *mem)
{
	return talloc_asprintf(mem, "%s\n%s\n%s\n%d", message->url,
			       message->secret_file ? message->secret_file : "",
			       message->ca_file ? message->ca_file : "", message->allow_private);
}

static struct line *line_new(struct bus *bus, const struct message *message, struct err *e)
{
	struct line *line = talloc_zero(bus, struct line);
	char uuid[UUID_TEXT_SIZE];

	line->bus = bus;
	line->key = line_key(message, line);
	line->allow_private = message->allow_private;
	line->ca_file = talloc_strdup(line, message->ca_file);
	line->first = bus->tries++;
	snprintf(line->inbox, sizeof line->inbox, "_INBOX.%s", uuid7_text(uuid));
	line->used_ms = clock_monotonic_ms();
	TAILQ_INIT(&line->waiting);
	TAILQ_INIT(&line->published);
	pthread_cond_init(&line->news, NULL);
	talloc_set_destructor(line, line_free);
	if (!bus_url_parse(&line->url, message->url, e) ||
	    !secret_take(line, message->secret_file, e) ||
	    pthread_create(&line->thread, NULL, line_main, line)) {
		err_set(e, ERR_RETRY, "no thread for a connection");
		talloc_free(line);
		return NULL;
	}
	TAILQ_INSERT_TAIL(&bus->lines, line, link);
	return line;
}

/* Those that are over are joined and freed. */
static void lines_reap(struct bus *bus)
{
	struct line *line, *next;
	bool over;

	for (line = TAILQ_FIRST(&bus->lines); line; line = next) {
		next = TAILQ_NEXT(line, link);
		pthread_mutex_lock(&bus->lock);
		over = line->over;
		pthread_mutex_unlock(&bus->lock);
		if (!over)
			continue;
		pthread_join(line->thread, NULL);
		TAILQ_REMOVE(&bus->lines, line, link);
		talloc_free(line);
	}
}

/* ---- the caller's side ---- */

static void voyage_free(struct voyages *list, struct voyage *voyage)
{
	TAILQ_REMOVE(list, voyage, link);
	natsMsg_Destroy(voyage->msg);
	talloc_free(voyage);
}

static int bus_close(struct bus *bus)
{
	const struct err why = { .kind = ERR_RETRY };
	struct line *line;

	pthread_mutex_lock(&bus->lock);
	TAILQ_FOREACH(line, &bus->lines, link)
	{
		line->stop = true;
		line_lose(line, &why);
	}
	pthread_mutex_unlock(&bus->lock);
	while ((line = TAILQ_FIRST(&bus->lines))) {
		pthread_join(line->thread, NULL);
		TAILQ_REMOVE(&bus->lines, line, link);
		talloc_free(line);
	}
	pthread_mutex_destroy(&bus->lock);
	close(bus->fd);
	return 0;
}

struct bus *bus_new(long connect_ms, long ack_ms, TALLOC_CTX *mem)
{
	struct bus *bus = talloc_zero(mem, struct bus);

	bus->connect_ms = connect_ms ? connect_ms : BUS_CONNECT_MS;
	bus->ack_ms = ack_ms ? ack_ms : BUS_ACK_MS;
	bus->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	pthread_mutex_init(&bus->lock, NULL);
	TAILQ_INIT(&bus->lines);
	TAILQ_INIT(&bus->landed);
	talloc_set_destructor(bus, bus_close);
	return bus;
}

int bus_fd(const struct bus *bus)
{
	return bus->fd;
}

/* Printable ASCII without blanks: nothing else is put into a header line. */
static bool head_fits(const char *value)
{
	while (*value > ' ' && *value <= '~')
		value++;
	return !*value;
}

static natsMsg *message_make(const struct message *message, const char *subject, const char *reply)
{
	const struct {
		const char *name, *value;
	} heads[] = {
		{ "Nats-Msg-Id", message->id },
		{ "content-type", CLOUDEVENT_MEDIA_TYPE },
		{ "ce-partitionkey", message->partitionkey },
		{ "vorpost-replay", message->replay },
	};
	natsMsg *msg = NULL;
	natsStatus s = natsMsg_Create(&msg, subject, reply, message->body, (int)message->len);

	for (size_t i = 0; s == NATS_OK && i < sizeof heads / sizeof *heads; i++)
		if (heads[i].value && head_fits(heads[i].value))
			s = natsMsgHeader_Set(msg, heads[i].name, heads[i].value);
	if (s == NATS_OK)
		return msg;
	natsMsg_Destroy(msg);
	return NULL;
}

/* The connection that the message goes through. */
static struct line *line_for(struct bus *bus, const struct message *message, struct err *e)
{
	char *key = line_key(message, NULL);
	struct line *line, *found = NULL;

	lines_reap(bus);
	pthread_mutex_lock(&bus->lock);
	TAILQ_FOREACH(line, &bus->lines, link)
	if (!found && line_live(line) && !strcmp(line->key, key)) {
		found = line;
		found->used_ms = clock_monotonic_ms();
	}
	pthread_mutex_unlock(&bus->lock);
	talloc_free(key);
	return found ? found : line_new(bus, message, e);
}

static void line_take(struct line *line, struct voyage *voyage)
{
	struct bus *bus = line->bus;

	pthread_mutex_lock(&bus->lock);
	TAILQ_INSERT_TAIL(&line->waiting, voyage, link);
	if (!line_live(line)) /* it was lost meanwhile */
		line_lose(line, &line->trouble);
	pthread_cond_signal(&line->news);
	pthread_mutex_unlock(&bus->lock);
}

bool bus_start(struct bus *bus, const struct message *message, void *tag, struct err *e)
{
	char subject[BUS_SUBJECT_MAX + 1], reply[96];
	struct voyage *voyage;
	struct line *line;

	if (!bus_url_check(message->url, message->allow_private, e)) {
		if (e)
			e->kind = ERR_SETUP;
		return false;
	}
	if (message->ca_file && access(message->ca_file, R_OK))
		return err_set(e, ERR_SETUP, "%s cannot be read", message->ca_file);
	line = line_for(bus, message, e);
	if (!line || !bus_subject(subject, &line->url, message->broker, message->type, e))
		return false;
	voyage = talloc_zero(bus, struct voyage);
	voyage->number = ++bus->number;
	voyage->landing.tag = tag;
	voyage->began_ms = clock_monotonic_ms();
	snprintf(reply, sizeof reply, "%s.%" PRIu64, line->inbox, voyage->number);
	voyage->msg = message_make(message, subject, reply);
	if (!voyage->msg) {
		talloc_free(voyage);
		return err_set(e, ERR_BUG, "no message can be made of event %s", message->id);
	}
	line_take(line, voyage);
	return true;
}

/* The library does not watch for acknowledgements that never come. */
static void overdue_lose(struct bus *bus)
{
	int64_t now_ms = clock_monotonic_ms();
	struct err why = { 0 };
	struct line *line;

	TAILQ_FOREACH(line, &bus->lines, link)
	{
		const struct voyage *oldest = TAILQ_FIRST(&line->published);

		if (!oldest || oldest->until_ms > now_ms)
			continue;
		err_set(&why, ERR_RETRY, "no acknowledgement within %ld ms", bus->ack_ms);
		line_lose(line, &why);
	}
}

bool bus_landed(struct bus_landing *landing, struct bus *bus)
{
	struct voyage *voyage;
	uint64_t count;

	pthread_mutex_lock(&bus->lock);
	overdue_lose(bus);
	voyage = TAILQ_FIRST(&bus->landed);
	if (!voyage && read(bus->fd, &count, sizeof count) > 0)
		voyage = TAILQ_FIRST(&bus->landed);
	if (voyage) {
		*landing = voyage->landing;
		voyage_free(&bus->landed, voyage);
	}
	pthread_mutex_unlock(&bus->lock);
	if (!voyage)
		lines_reap(bus);
	return voyage != NULL;
}

static void voyages_drop(struct voyages *list, const void *tag)
{
	struct voyage *voyage, *next;

	for (voyage = TAILQ_FIRST(list); voyage; voyage = next) {
		next = TAILQ_NEXT(voyage, link);
		if (voyage->landing.tag == tag)
			voyage_free(list, voyage);
	}
}

void bus_drop(struct bus *bus, const void *tag)
{
	struct line *line;

	pthread_mutex_lock(&bus->lock);
	TAILQ_FOREACH(line, &bus->lines, link)
	{
		voyages_drop(&line->waiting, tag);
		voyages_drop(&line->published, tag);
	}
	voyages_drop(&bus->landed, tag);
	pthread_mutex_unlock(&bus->lock);
}

bool bus_publish(struct bus_landing *landing, struct bus *bus, const struct message *message,
		 struct err *e)
{
	struct pollfd news = { .fd = bus->fd, .events = POLLIN };

	*landing = (struct bus_landing){ 0 };
	if (!bus_start(bus, message, NULL, e))
		return false;
	while (!bus_landed(landing, bus))
		poll(&news, 1, 50);
	return landing->stored || err_set(e, landing->trouble.kind, "%s", landing->trouble.text);
}
