#include "ingest/reading_process.h"

#include <poll.h>
#include <string.h>
#include <sys/stat.h>

#include "base/clock.h"
#include "base/text.h"
#include "ingest/facts.h"
#include "ingest/limits.h"
#include "ingest/reading_parts.h"

#define PROGRAM "vorpost-reader"
#define LOOK_MS 50
#define SOON_MS 20000 /* cage_try waits that long for the first word */

static int cage_free(struct cage *cage)
{
	cage_stop(&cage->child, NULL);
	return 0;
}

struct cage *cage_new(TALLOC_CTX *mem)
{
	struct cage *cage = talloc(mem, struct cage);

	memset(cage, 0, offsetof(struct cage, in));
	cage->in.from = cage->in.to = 0;
	talloc_set_destructor(cage, cage_free);
	return cage;
}

void process_retire(struct cage *cage, int *how)
{
	cage_stop(&cage->child, how);
	TALLOC_FREE(cage->whose);
	cage->has_file = false;
	cage->greeted = false;
	cage->answers = 0;
	cage->in.from = cage->in.to = 0;
}

/* Who may have to hold a signed answer may need more of it. */
static int memory_for(enum signature_policy policy)
{
	return policy == SIGNATURE_NONE ? READER_MEMORY_MIB : READER_SIGNED_MEMORY_MIB;
}

/* Was it given the file of this answer? Its number is not another one's as long as the process has it open. */
static bool knows(const struct cage *cage, const struct stat *file)
{
	return cage->has_file && cage->file_dev == file->st_dev && cage->file_ino == file->st_ino;
}

bool process_ready(struct cage *cage, const char *whose, enum signature_policy policy,
		   const int *kept_fd, struct err *e)
{
	int memory_mib = memory_for(policy);
	struct stat file = { 0 };

	if (kept_fd && fstat(*kept_fd, &file) != 0)
		return err_set(e, ERR_RETRY, "the file of an answer cannot be looked at: %m");
	if (cage->child.pid && text_equal(cage->whose, whose) && (!kept_fd || knows(cage, &file)) &&
	    cage->child.memory_mib == memory_mib && cage->answers < READER_ANSWERS_MOST)
		return true;
	process_retire(cage, NULL);
	cage->whose = talloc_strdup(cage, whose);
	cage->has_file = kept_fd != NULL;
	cage->file_dev = file.st_dev;
	cage->file_ino = file.st_ino;
	return cage_start(&cage->child, PROGRAM, kept_fd ? *kept_fd : -1, memory_mib, e);
}

void cage_warm(struct cage *cage, const char *whose, enum signature_policy policy,
	       const int *kept_fd)
{
	if (cage)
		process_ready(cage, whose, policy, kept_fd, NULL);
}

bool process_hello(struct cage *cage, const struct cage_frame *frame, struct err *e)
{
	struct facts_cursor from = { frame->bytes, frame->bytes + frame->len, false };
	char *why;

	if (frame->kind != FRAME_HELLO)
		return err_set(e, ERR_SETUP, READER_NAME " does not say that it is locked in");
	cage->landlock = (int)facts_get_u64(&from);
	why = facts_get_text(&from, NULL);
	cage->greeted = !why && !from.broken;
	if (!cage->greeted)
		err_set(e, ERR_SETUP, READER_NAME " cannot lock itself in: %.200s", why ? why : "");
	talloc_free(why);
	return cage->greeted;
}

bool cage_try(int *landlock, struct cage *cage, struct err *e)
{
	int64_t until_ms = clock_monotonic_ms() + SOON_MS;
	struct cage_frame frame;
	int found = 0, how;
	bool ok;

	process_retire(cage, NULL);
	if (!process_ready(cage, NULL, SIGNATURE_NONE, NULL, e))
		return false;
	while (found == 0 && clock_monotonic_ms() < until_ms) {
		struct pollfd wire = { cage->child.wire, POLLIN, 0 };

		if (poll(&wire, 1, LOOK_MS) > 0 &&
		    cage_in_fill(&cage->in, cage->child.wire, false) <= 0)
			break;
		found = cage_in_next(&frame, &cage->in);
	}
	ok = found > 0 && process_hello(cage, &frame, e);
	*landlock = cage->landlock;
	process_retire(cage, &how);
	if (found <= 0)
		cage_ended(how, READER_NAME, e);
	return ok;
}
