/* zip.c -- what vorpost-inspect says of an archive (ingest/program/inspect_zip.c), outside of its cage. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cage.h"
#include "fuzz/fuzz.h"
#include "ingest/inspect_parts.h"
#include "ingest/limits.h"

struct talk {
	size_t entries;
	uint64_t unpacked;
};

/* Instead of ingest/program/inspect.c. */
void talk_entry(struct talk *talk, const char *name, const char *type, const char *odd,
		uint64_t size)
{
	must(strlen(name) <= 2 * ZIP_NAME_LEN_MOST && type);
	must(odd || (*name && strlen(name) <= ZIP_NAME_LEN_MOST && *name != '/'));
	must(++talk->entries <= ZIP_ENTRIES_MOST);
	talk->unpacked += size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct talk talk = { 0 };
	struct inspect_end end;
	int fd = memfd_create("archive", MFD_CLOEXEC), kept = dup(CAGE_FD_FILE);

	must(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	must(dup2(fd, CAGE_FD_FILE) == CAGE_FD_FILE);
	end = zip_inspect(&talk, size);
	must(end.state < INSPECT_STATES && end.page_count == -1);
	must(!end.sentence == (end.state == INSPECT_READ));
	must(end.state != INSPECT_READ || talk.entries);
	must(talk.unpacked <= ZIP_UNPACKED_MOST && talk.unpacked <= ZIP_RATIO_MOST * size);
	if (fd != CAGE_FD_FILE)
		close(fd);
	if (kept >= 0 && kept != CAGE_FD_FILE)
		dup2(kept, CAGE_FD_FILE);
	else
		close(CAGE_FD_FILE);
	if (kept >= 0)
		close(kept);
	return 0;
}
