#include "base/log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static enum log_level least = LOG_AT_INFO;

static const struct {
	const char *word;
	int priority; /* syslog's, which journald reads from the <N> prefix */
} levels[] = {
	[LOG_AT_DEBUG] = { "debug", 7 },
	[LOG_AT_INFO] = { "info", 6 },
	[LOG_AT_WARN] = { "warn", 4 },
	[LOG_AT_ERROR] = { "error", 3 },
};

void log_level_set(enum log_level level)
{
	least = level;
}

static int head_write(char *line, size_t size, enum log_level level)
{
	struct timespec now;
	struct tm utc;
	char stamp[24];

	if (getenv("JOURNAL_STREAM"))
		return snprintf(line, size, "<%d>", levels[level].priority);
	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	strftime(stamp, sizeof stamp, "%Y-%m-%dT%H:%M:%S", &utc);
	return snprintf(line, size, "%s.%03ldZ %s ", stamp, now.tv_nsec / 1000000,
			levels[level].word);
}

/* The whole line in one write, so that lines of several processes do not mix. */
void log_line(enum log_level level, const char *what, const char *detail, ...)
{
	char line[2048];
	size_t used;
	va_list args;

	if (level < least)
		return;
	used = (size_t)head_write(line, sizeof line, level);
	used += (size_t)snprintf(line + used, sizeof line - used, "[%d] %s", (int)getpid(), what);
	if (used < sizeof line - 2 && detail) {
		line[used++] = ' ';
		va_start(args, detail);
		used += (size_t)vsnprintf(line + used, sizeof line - used, detail, args);
		va_end(args);
	}
	if (used > sizeof line - 2)
		used = sizeof line - 2;
	line[used++] = '\n';
	if (write(STDERR_FILENO, line, used) < 0)
		return; /* nowhere left to complain to */
}

void log_err(const char *what, const struct err *e)
{
	log_line(e->kind == ERR_RETRY ? LOG_AT_WARN : LOG_AT_ERROR, what,
		 "route=%s%s%s reason=\"%s\"", err_kind_name(e->kind), e->code[0] ? " code=" : "",
		 e->code, e->text);
}
