#include "base/crash.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>

/* In the order of a document's way (docs/architecture.md). */
const char *const crash_point_names[] = {
#ifdef VORPOST_CRASH_POINTS
	"list.before_call",
	"list.answered",
	"list.recorded",
	"lease.claimed",
	"token.received",
	"get.request",
	"get.headers",
	"get.body",
	"reader.running",
	"get.complete",
	"read.done",
	"blob.created",
	"blob.partial",
	"blob.written",
	"blob.synced",
	"blob.renamed",
	"blob.done",
	"record.before",
	"record.sent",
	"record.committed",
	"quarantine.before",
	"quarantine.committed",
	"ack.before",
	"ack.sent",
	"ack.answered",
	"ack.recorded",
	"sequence.numbered",
	"release.written",
	"sequence.before",
	"sequence.committed",
	"webhook.picked",
	"webhook.sent",
	"webhook.answered",
	"mark.before",
	"webhook.marked",
	"replay.before",
	"replay.marked",
	"park.before",
	"park.committed",
	"endpoint.put_off",
	"assign.before",
	"assign.committed",
	"migrate.before",
	"migrate.committed",
#endif
	NULL,
};

#ifdef VORPOST_CRASH_POINTS

static void require_listed(const char *name)
{
	for (int i = 0; crash_point_names[i]; i++)
		if (!strcmp(crash_point_names[i], name))
			return;
	fprintf(stderr, "crash point %s is not listed in base/crash.c\n", name);
	abort();
}

/* The file is read and counted down under a lock, for several workers pass at once. */
void crash_point(const char *name, pid_t victim)
{
	const char *path = getenv("VORPOST_CRASH_FILE");
	char armed[64] = "";
	char line[96] = "";
	int left = 0;
	int fd;
	ssize_t n;

	require_listed(name);
	if (!path || (fd = open(path, O_RDWR | O_CLOEXEC)) < 0)
		return;
	flock(fd, LOCK_EX);
	n = pread(fd, line, sizeof line - 1, 0);
	if (n > 0 && sscanf(line, "%63s %d", armed, &left) == 2 && !strcmp(armed, name)) {
		if (left <= 1) {
			unlink(path);
			kill(victim, SIGKILL);
			close(fd);
			return;
		}
		n = snprintf(line, sizeof line, "%s %d\n", name, left - 1);
		if (ftruncate(fd, 0) || pwrite(fd, line, (size_t)n, 0) != n)
			abort();
	}
	close(fd);
}

#endif
