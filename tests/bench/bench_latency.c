/*
 * bench_latency -- from an event's transaction to its webhook: writes events, receives them, counts the microseconds. The
 * daemon is the product's own, and its endpoint leads to the port below. Events belong to 1000 customers.
 *
 *   bench_latency CONNINFO BROKER STATE PORT COUNT RATE
 *
 * RATE events a second; 0: one at a time, the next one a little after the last one came; -1: all of them in one transaction.
 * Prints "P50 P99 P50 P99 RATE": microseconds from before the insert was sent (its commit included) and from the commit's
 * answer until the whole request is there; RATE: received in a second.
 */
#include <arpa/inet.h>
#include <libpq-fe.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>
#include <time.h>
#include <unistd.h>

#include "base/uuid7.h"
#include "base/wake.h"

#define PEERS_MOST 64
#define BODY_MOST  16384
#define PATIENCE_S 60

struct peer {
	int fd;
	size_t length;
	char text[BODY_MOST];
};

static struct scene {
	int64_t *sent, *committed, *came;
	long count;
	atomic_long received;
	int listener;
	struct peer peers[PEERS_MOST];
} scene;

static void fail(const char *what, const char *why)
{
	fprintf(stderr, "bench_latency: %s: %s\n", what, why);
	exit(EX_SOFTWARE);
}

static int64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* ---- the receiver: HTTP just good enough for libcurl ---- */

/* The first whole request of what has come is answered; 0: there is none yet. */
static size_t request_take(struct peer *peer)
{
	static const char answer[] = "HTTP/1.1 204 No Content\r\n\r\n";
	int64_t now = now_us();
	char *end, *length, *no;
	size_t whole;
	long number;

	peer->text[peer->length] = 0;
	if (!(end = strstr(peer->text, "\r\n\r\n")))
		return 0;
	length = strcasestr(peer->text, "content-length:");
	whole = (size_t)(end + 4 - peer->text) +
		(length && length < end ? strtoul(length + 15, NULL, 10) : 0);
	if (peer->length < whole)
		return 0;
	no = strstr(end, "\"no\":");
	number = no ? strtol(no + 5, NULL, 10) : -1;
	if (number < 0 || number >= scene.count)
		fail("receiver", "not an event of ours");
	if (!scene.came[number]) {
		scene.came[number] = now;
		atomic_fetch_add(&scene.received, 1);
	}
	if (write(peer->fd, answer, sizeof answer - 1) < 0)
		perror("bench_latency");
	return whole;
}

static void peer_read(struct peer *peer)
{
	ssize_t got = read(peer->fd, peer->text + peer->length, BODY_MOST - 1 - peer->length);
	size_t took;

	if (got <= 0) {
		close(peer->fd);
		peer->fd = -1;
		return;
	}
	peer->length += (size_t)got;
	while ((took = request_take(peer))) {
		memmove(peer->text, peer->text + took, peer->length - took);
		peer->length -= took;
	}
}

static void peer_add(void)
{
	int fd = accept(scene.listener, NULL, NULL), one = 1;

	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
	for (int i = 0; i < PEERS_MOST; i++)
		if (scene.peers[i].fd < 0) {
			scene.peers[i].fd = fd;
			scene.peers[i].length = 0;
			return;
		}
	close(fd);
}

static void *receive(void *arg)
{
	struct pollfd fds[PEERS_MOST + 1];

	for (;;) {
		fds[PEERS_MOST] = (struct pollfd){ .fd = scene.listener, .events = POLLIN };
		for (int i = 0; i < PEERS_MOST; i++)
			fds[i] = (struct pollfd){ .fd = scene.peers[i].fd, .events = POLLIN };
		if (poll(fds, PEERS_MOST + 1, -1) < 0)
			continue;
		for (int i = 0; i < PEERS_MOST; i++)
			if (fds[i].fd >= 0 && fds[i].revents)
				peer_read(&scene.peers[i]);
		if (fds[PEERS_MOST].revents)
			peer_add();
	}
	return arg;
}

static void receiver_begin(int port)
{
	struct sockaddr_in here = { .sin_family = AF_INET,
				    .sin_port = htons((uint16_t)port),
				    .sin_addr = { htonl(INADDR_LOOPBACK) } };
	pthread_t thread;
	int one = 1;

	for (int i = 0; i < PEERS_MOST; i++)
		scene.peers[i].fd = -1;
	scene.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	setsockopt(scene.listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(scene.listener, (struct sockaddr *)&here, sizeof here) ||
	    listen(scene.listener, 64) || pthread_create(&thread, NULL, receive, NULL))
		fail("receiver", "cannot listen");
}

/* ---- the writer ---- */

static void put(PGconn *db, const char *broker, long no)
{
	char id[UUID_TEXT_SIZE], customer[24], payload[64];
	const char *values[] = { broker, uuid7_text(id), customer, payload };
	PGresult *result;

	snprintf(customer, sizeof customer, "K-%ld", no % 1000);
	snprintf(payload, sizeof payload, "{\"no\": %ld, \"category\": \"invoice\"}", no);
	result = PQexecPrepared(db, "put", 4, values, NULL, NULL, 0);
	if (PQresultStatus(result) != PGRES_COMMAND_OK)
		fail("insert", PQerrorMessage(db));
	PQclear(result);
}

static void put_one(PGconn *db, const char *broker, const char *state, long no)
{
	scene.sent[no] = now_us();
	put(db, broker, no);
	scene.committed[no] = now_us();
	wake_poke(state);
}

static void await(long wanted)
{
	int64_t until = now_us() + (int64_t)PATIENCE_S * 1000000;

	while (atomic_load(&scene.received) < wanted) {
		if (now_us() > until)
			fail("receiver", "events do not come");
		usleep(50);
	}
}

static void burst(PGconn *db, const char *broker, const char *state)
{
	int64_t now;

	PQclear(PQexec(db, "begin"));
	for (long i = 0; i < scene.count; i++)
		put(db, broker, i);
	PQclear(PQexec(db, "commit"));
	now = now_us();
	for (long i = 0; i < scene.count; i++)
		scene.sent[i] = scene.committed[i] = now;
	wake_poke(state);
}

static void steady(PGconn *db, const char *broker, const char *state, double rate)
{
	int64_t began = now_us();

	for (long i = 0; i < scene.count; i++) {
		int64_t wait = began + (int64_t)((double)i * 1e6 / rate) - now_us();

		if (wait > 0)
			usleep((useconds_t)wait);
		put_one(db, broker, state, i);
	}
}

static void single(PGconn *db, const char *broker, const char *state)
{
	for (long i = 0; i < scene.count; i++) {
		put_one(db, broker, state, i);
		await(i + 1);
		usleep((useconds_t)(4000 + random() % 8000));
	}
}

/* ---- the figures ---- */

static int compare(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return (x > y) - (x < y);
}

static void figures(const int64_t *from)
{
	int64_t *took = calloc((size_t)scene.count, sizeof *took);

	for (long i = 0; i < scene.count; i++)
		took[i] = scene.came[i] - from[i];
	qsort(took, (size_t)scene.count, sizeof *took, compare);
	printf("%lld %lld ", (long long)took[scene.count / 2],
	       (long long)took[scene.count * 99 / 100]);
	free(took);
}

static double received_rate(void)
{
	int64_t last = 0;

	for (long i = 0; i < scene.count; i++)
		last = scene.came[i] > last ? scene.came[i] : last;
	return (double)scene.count * 1e6 / (double)(last - scene.committed[0]);
}

int main(int argc, char **argv)
{
	PGconn *db;
	double rate;

	if (argc != 7)
		return EX_USAGE;
	scene.count = atol(argv[5]);
	rate = atof(argv[6]);
	scene.sent = calloc((size_t)scene.count, sizeof(int64_t));
	scene.committed = calloc((size_t)scene.count, sizeof(int64_t));
	scene.came = calloc((size_t)scene.count, sizeof(int64_t));
	receiver_begin(atoi(argv[4]));
	db = PQconnectdb(argv[1]);
	PQclear(PQprepare(
		db, "put",
		"insert into event (broker, id, aggregatetype, aggregateid, type, payload)"
		" values ($1, $2, 'customer', $3, 'document.released', $4)",
		0, NULL));
	if (rate < 0)
		burst(db, argv[2], argv[3]);
	else if (rate > 0)
		steady(db, argv[2], argv[3], rate);
	else
		single(db, argv[2], argv[3]);
	await(scene.count);
	figures(scene.sent);
	figures(scene.committed);
	printf("%.1f\n", received_rate());
	PQfinish(db);
	return EX_OK;
}
