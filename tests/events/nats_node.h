/*
 * nats_node.h -- real NATS servers on loopback for tests: started, killed, stopped for a while, started again; and a
 * consumer of their streams.
 */
#ifndef TESTS_EVENTS_NATS_NODE_H
#define TESTS_EVENTS_NATS_NODE_H

#include <arpa/inet.h>
#include <check.h>
#include <fcntl.h>
#include <nats/nats.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

struct node {
	pid_t pid; /* 0: does not run */
	int port;
	char conf[128], log[128], url[64];
};

/* One that nobody has now. */
static inline int port_free(void)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof at;
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, len), 0);
	ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
	close(fd);
	return ntohs(at.sin_port);
}

static inline bool port_answers(int port)
{
	struct sockaddr_in at = { .sin_family = AF_INET,
				  .sin_port = htons((uint16_t)port),
				  .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	bool ok = connect(fd, (struct sockaddr *)&at, sizeof at) == 0;

	close(fd);
	return ok;
}

static inline void node_run(struct node *node)
{
	node->pid = fork();
	ck_assert_int_ge(node->pid, 0);
	if (node->pid == 0) {
		int log = open(node->log, O_WRONLY | O_CREAT | O_APPEND, 0600);

		prctl(PR_SET_PDEATHSIG, SIGKILL); /* also when the test dies */
		dup2(log, 1);
		dup2(log, 2);
		execlp("nats-server", "nats-server", "-c", node->conf, (char *)NULL);
		_exit(127);
	}
	while (!port_answers(node->port)) {
		ck_assert_msg(waitpid(node->pid, NULL, WNOHANG) == 0,
			      "nats-server does not start, see %s", node->log);
		usleep(20000);
	}
}

/* A server that listens on a free port (unless it has one) and is configured with `more`. */
static inline void node_start(struct node *node, const char *folder, const char *name,
			      const char *more)
{
	FILE *conf;

	if (!node->port)
		node->port = port_free();
	snprintf(node->conf, sizeof node->conf, "%s/%s.conf", folder, name);
	snprintf(node->log, sizeof node->log, "%s/%s.log", folder, name);
	snprintf(node->url, sizeof node->url, "nats://127.0.0.1:%d", node->port);
	conf = fopen(node->conf, "w");
	ck_assert_ptr_nonnull(conf);
	fprintf(conf, "server_name: %s\nlisten: \"127.0.0.1:%d\"\n%s\n", name, node->port, more);
	ck_assert_int_eq(fclose(conf), 0);
	node_run(node);
}

/* It hangs until SIGCONT: connections stand, nothing is answered. */
static inline void node_hang(struct node *node)
{
	kill(node->pid, SIGSTOP);
	ck_assert_int_eq(waitpid(node->pid, NULL, WUNTRACED), node->pid);
}

static inline void node_kill(struct node *node)
{
	if (node->pid <= 0)
		return;
	kill(node->pid, SIGKILL);
	waitpid(node->pid, NULL, 0);
	node->pid = 0;
}

/* ---- the other side: who makes streams and reads them ---- */

struct reader {
	natsConnection *connection;
	jsCtx *js;
};

/* login: "user:password@" or "" */
static inline void reader_open(struct reader *reader, const struct node *node, const char *login)
{
	natsOptions *options = NULL;
	char url[128];
	natsStatus s;

	snprintf(url, sizeof url, "nats://%s127.0.0.1:%d", login, node->port);
	ck_assert_int_eq(natsOptions_Create(&options), NATS_OK);
	ck_assert_int_eq(natsOptions_SetURL(options, url), NATS_OK);
	ck_assert_int_eq(natsOptions_SetTimeout(options, 60000), NATS_OK);
	s = natsConnection_Connect(&reader->connection, options);
	natsOptions_Destroy(options);
	ck_assert_msg(s == NATS_OK, "%s", natsStatus_GetText(s));
	ck_assert_int_eq(natsConnection_JetStream(&reader->js, reader->connection, NULL), NATS_OK);
}

static inline void reader_close(struct reader *reader)
{
	jsCtx_Destroy(reader->js);
	natsConnection_Destroy(reader->connection);
	*reader = (struct reader){ 0 };
}

/* Stream EVENTS of all subjects below "vorpost"; tries for a while, since a cluster must elect first. */
static inline void stream_make(struct reader *reader, int replicas, int64_t max_msgs)
{
	const char *subjects[] = { "vorpost.>" };
	jsStreamConfig config;
	natsStatus s = NATS_ERR;

	jsStreamConfig_Init(&config);
	config.Name = "EVENTS";
	config.Subjects = subjects;
	config.SubjectsLen = 1;
	config.Replicas = replicas;
	config.MaxMsgs = max_msgs;
	config.Discard = js_DiscardNew;
	config.Storage = js_FileStorage;
	for (int i = 0; i < 300 && s != NATS_OK; i++) {
		s = js_AddStream(NULL, reader->js, &config, NULL, NULL);
		if (s != NATS_OK)
			usleep(100000);
	}
	ck_assert_msg(s == NATS_OK, "%s", natsStatus_GetText(s));
}

#define ASKED_AGAIN 12 /* times 5 s, for which the library waits */

static inline uint64_t stream_count(struct reader *reader)
{
	jsStreamInfo *info = NULL;
	natsStatus s = NATS_TIMEOUT;
	uint64_t count;

	for (int i = 0; i < ASKED_AGAIN && s == NATS_TIMEOUT; i++)
		s = js_GetStreamInfo(&info, reader->js, "EVENTS", NULL, NULL);
	ck_assert_msg(s == NATS_OK, "%s", natsStatus_GetText(s));
	count = info->State.Msgs;
	jsStreamInfo_Destroy(info);
	return count;
}

/* The message with this number; the caller destroys it. */
static inline natsMsg *stream_message(struct reader *reader, uint64_t number)
{
	natsMsg *msg = NULL;
	natsStatus s = NATS_TIMEOUT;

	for (int i = 0; i < ASKED_AGAIN && s == NATS_TIMEOUT; i++)
		s = js_GetMsg(&msg, reader->js, "EVENTS", number, NULL, NULL);
	ck_assert_msg(s == NATS_OK, "message %d: %s", (int)number, natsStatus_GetText(s));
	return msg;
}

static inline const char *message_head(natsMsg *msg, const char *name)
{
	const char *value = NULL;

	return natsMsgHeader_Get(msg, name, &value) == NATS_OK ? value : NULL;
}

#endif
