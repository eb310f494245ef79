#include "base/holder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/uuid7.h"

/* The first line of a small file of /proc, "" if there is none. */
static char *proc_line(const char *path, TALLOC_CTX *mem)
{
	char line[512] = "";
	FILE *file = fopen(path, "re");

	if (file) {
		if (!fgets(line, sizeof line, file))
			line[0] = '\0';
		fclose(file);
	}
	line[strcspn(line, "\n")] = '\0';
	return talloc_strdup(mem, line);
}

/* "host/boot/pid:[4026531836]": where process numbers mean the same. */
static char *here(TALLOC_CTX *mem)
{
	char host[128] = "", space[64] = "";

	gethostname(host, sizeof host - 1);
	if (readlink("/proc/self/ns/pid", space, sizeof space - 1) < 0)
		space[0] = '\0';
	return talloc_asprintf(mem, "%s/%s/%s", host,
			       proc_line("/proc/sys/kernel/random/boot_id", mem), space);
}

/* Field 22 of /proc/PID/stat, in ticks since boot; 0 if there is no such process or it is a zombie.
 * The second field is a name in parentheses that may itself hold anything. */
static unsigned long long process_start(long pid, TALLOC_CTX *mem)
{
	unsigned long long start = 0;
	char *line = proc_line(talloc_asprintf(mem, "/proc/%ld/stat", pid), mem);
	char *after = strrchr(line, ')');
	char state = 'Z';

	if (!after ||
	    sscanf(after + 1,
		   " %c %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s"
		   " %llu",
		   &state, &start) != 2)
		return 0;
	return state == 'Z' || state == 'X' ? 0 : start;
}

char *holder_self(TALLOC_CTX *mem)
{
	TALLOC_CTX *work = talloc_new(NULL);
	char uuid[UUID_TEXT_SIZE];
	char *self = talloc_asprintf(mem, "%s/%ld/%llu/%s", here(work), (long)getpid(),
				     process_start(getpid(), work), uuid7_text(uuid));

	talloc_free(work);
	return self;
}

bool holder_dead(const char *holder)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *place = here(mem);
	size_t len = strlen(place);
	unsigned long long start = 0;
	long pid = 0;
	bool dead = !strncmp(holder, place, len) &&
		    sscanf(holder + len, "/%ld/%llu/", &pid, &start) == 2 &&
		    process_start(pid, mem) != start;

	talloc_free(mem);
	return dead;
}
