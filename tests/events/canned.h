/*
 * canned.h -- a receiver on loopback that answers as it is told, badly if need be, and remembers what it got.
 * It runs in threads of the test.
 */
#ifndef TESTS_EVENTS_CANNED_H
#define TESTS_EVENTS_CANNED_H

#include <arpa/inet.h>
#include <check.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

enum canned_way {
	CANNED_ANSWER, /* status, head lines, empty body */
	CANNED_HANG,   /* reads, never answers */
	CANNED_DROP,   /* reads, closes */
	CANNED_BREAK,  /* 200, promises 100 bytes, sends 5, closes */
	CANNED_HUGE,   /* status and a body of 8 MB */
	CANNED_HEADS,  /* 200 and header lines without end */
	CANNED_NOISE,  /* no HTTP */
	CANNED_ODD, /* of ten answers two are 500, one is 200 but late, one breaks off after 200 */
};

struct canned {
	enum canned_way way;
	int status;
	const char *head; /* "Retry-After: 7\r\n" or NULL */
	int late_ms;
};

#define CANNED_MOST 4096
#define CANNED_TEXT 1024

struct canned_request {
	char id[64], timestamp[32], replay[32], signature[256], type[128], path[64];
	char body[CANNED_TEXT];
	bool accepted; /* answered 200, whole */
};

struct receiver {
	int listener;
	int port;
	const struct canned
		*script; /* the n-th request gets the n-th answer, the last one repeats */
	int script_len;
	pthread_mutex_t lock;
	int connections, count;
	int at_once, at_once_most; /* requests */
	const char *hang_on;       /* a request whose body holds this gets no answer; NULL: none */
	const char *refuse;        /* ... is answered 500 */
	unsigned seed;
	struct canned_request got[CANNED_MOST];
};

static struct receiver receiver;

static inline void head_copy(char *out, size_t size, const char *head, const char *name)
{
	const char *line = strcasestr(head, name);

	*out = '\0';
	if (line) {
		line += strlen(name);
		line += strspn(line, ": ");
		snprintf(out, size, "%.*s", (int)strcspn(line, "\r\n"), line);
	}
}

/* One request into text; false at the end of the connection. */
static inline bool request_read(int fd, char *text, size_t size, char **body)
{
	size_t len = 0, length;
	char number[32];
	ssize_t n;

	do {
		if (len + 1 >= size || (n = recv(fd, text + len, size - 1 - len, 0)) <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
	} while (!(*body = strstr(text, "\r\n\r\n")));
	*body += 4;
	head_copy(number, sizeof number, text, "\r\ncontent-length");
	length = strtoul(number, NULL, 10);
	while (strlen(*body) < length) {
		if (len + 1 >= size || (n = recv(fd, text + len, size - 1 - len, 0)) <= 0)
			return false;
		len += (size_t)n;
		text[len] = '\0';
	}
	return true;
}

static inline struct canned canned_choose(int n, const char *body)
{
	struct canned canned =
		receiver.script[n < receiver.script_len ? n : receiver.script_len - 1];
	int chance = rand_r(&receiver.seed) % 10;

	if (receiver.hang_on && strstr(body, receiver.hang_on))
		return (struct canned){ .way = CANNED_HANG };
	if (receiver.refuse && strstr(body, receiver.refuse))
		return (struct canned){ .status = 500 };
	if (canned.way != CANNED_ODD)
		return canned;
	if (chance == 3)
		return (struct canned){ .way = CANNED_BREAK };
	return (struct canned){ .status = chance < 2 ? 500 : 200, .late_ms = chance == 2 ? 20 : 0 };
}

static inline struct canned request_keep(const char *text, const char *body)
{
	struct canned_request *got;
	struct canned canned;
	int n;

	pthread_mutex_lock(&receiver.lock);
	n = receiver.count++;
	got = &receiver.got[n < CANNED_MOST ? n : CANNED_MOST - 1];
	head_copy(got->id, sizeof got->id, text, "\r\nwebhook-id");
	head_copy(got->timestamp, sizeof got->timestamp, text, "\r\nwebhook-timestamp");
	head_copy(got->replay, sizeof got->replay, text, "\r\nvorpost-replay");
	head_copy(got->signature, sizeof got->signature, text, "\r\nwebhook-signature");
	head_copy(got->type, sizeof got->type, text, "\r\ncontent-type");
	head_copy(got->path, sizeof got->path, text, "POST");
	snprintf(got->body, sizeof got->body, "%s", body);
	canned = canned_choose(n, body);
	got->accepted = canned.way == CANNED_ANSWER && canned.status < 300;
	if (++receiver.at_once > receiver.at_once_most)
		receiver.at_once_most = receiver.at_once;
	pthread_mutex_unlock(&receiver.lock);
	return canned;
}

static inline bool send_text(int fd, const char *text, size_t len)
{
	for (ssize_t n; len > 0; text += n, len -= (size_t)n)
		if ((n = send(fd, text, len, MSG_NOSIGNAL)) <= 0)
			return false;
	return true;
}

static inline bool send_much(int fd, const char *line, size_t times)
{
	for (size_t i = 0; i < times; i++)
		if (!send_text(fd, line, strlen(line)))
			return false;
	return true;
}

/* True if the connection may go on. */
static inline bool answer_canned(int fd, struct canned canned)
{
	char head[512];
	char drain[64];

	if (canned.late_ms)
		usleep((unsigned)canned.late_ms * 1000);
	pthread_mutex_lock(&receiver.lock);
	receiver.at_once--;
	pthread_mutex_unlock(&receiver.lock);
	switch (canned.way) {
	case CANNED_ANSWER:
		snprintf(head, sizeof head, "HTTP/1.1 %d Canned\r\nContent-Length: 0\r\n%s\r\n",
			 canned.status, canned.head ? canned.head : "");
		return send_text(fd, head, strlen(head));
	case CANNED_HANG:
		while (recv(fd, drain, sizeof drain, 0) > 0)
			;
		return false;
	case CANNED_BREAK:
		send_much(fd, "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort", 1);
		return false;
	case CANNED_HUGE:
		snprintf(head, sizeof head, "HTTP/1.1 %d Canned\r\nContent-Length: 8388608\r\n\r\n",
			 canned.status);
		send_much(fd, head, 1);
		send_much(fd, "0123456789abcdef", 8388608 / 16);
		return false;
	case CANNED_HEADS:
		send_much(fd, "HTTP/1.1 200 OK\r\n", 1);
		send_much(fd, "X-Again: and again and again and again\r\n", 1000000);
		return false;
	case CANNED_NOISE:
		send_much(fd, "220 mail.example ESMTP\r\n", 1);
		return false;
	case CANNED_DROP:
	case CANNED_ODD:
		break;
	}
	return false;
}

static inline void *receiver_talk(void *arg)
{
	int fd = (int)(long)arg;
	char text[16384];
	char *body;

	while (request_read(fd, text, sizeof text, &body))
		if (!answer_canned(fd, request_keep(text, body)))
			break;
	close(fd);
	return NULL;
}

static inline void *receiver_listen(void *arg)
{
	int fd;

	(void)arg;
	while ((fd = accept(receiver.listener, NULL, NULL)) >= 0) {
		pthread_t thread;

		receiver.connections++;
		pthread_create(&thread, NULL, receiver_talk, (void *)(long)fd);
		pthread_detach(thread);
	}
	return NULL;
}

static inline void receiver_start(const struct canned *script, int len)
{
	struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr = { htonl(INADDR_LOOPBACK) } };
	socklen_t size = sizeof here;
	pthread_t thread;

	receiver.script = script;
	receiver.script_len = len;
	pthread_mutex_init(&receiver.lock, NULL);
	receiver.listener = socket(AF_INET, SOCK_STREAM, 0);
	ck_assert_int_eq(bind(receiver.listener, (struct sockaddr *)&here, size), 0);
	ck_assert_int_eq(listen(receiver.listener, 128), 0);
	getsockname(receiver.listener, (struct sockaddr *)&here, &size);
	receiver.port = ntohs(here.sin_port);
	pthread_create(&thread, NULL, receiver_listen, NULL);
	pthread_detach(thread);
}

#define RECEIVER(...)                                                                              \
	static const struct canned script[] = { __VA_ARGS__ };                                     \
	receiver_start(script, (int)(sizeof script / sizeof *script))

#endif
