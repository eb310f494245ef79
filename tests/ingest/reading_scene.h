/* reading_scene.h -- one cage, and answers read in it: by the wire, or from a file as a worker has them. */
#ifndef TESTS_INGEST_READING_SCENE_H
#define TESTS_INGEST_READING_SCENE_H

#include <sys/mman.h>
#include <unistd.h>

#include "ingest/reading.h"
#include "tests/ingest/read_helpers.h"

static struct cage *cage;

struct way {
	const char *type, *whose;
	size_t step;
	bool kept;
};

/* The body in a file, as a worker has it; the same file for all. */
static inline const int *keep(const char *body, size_t len)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("answer", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(pwrite(fd, body, len, 0), (ssize_t)len);
	return &fd;
}

static inline struct read_result read_caged(const char *body, size_t len, const struct way *way,
					    TALLOC_CTX *mem)
{
	struct document_sink *sink = kept_sink(mem);
	const struct reading_task task = {
		.whose = way->whose,
		.content_type = way->type,
		.limits = { 1u << 30, 10000 },
		.sink = sink,
		.kept_fd = way->kept ? keep(body, len) : NULL,
	};
	struct reading *reading = reading_begin(cage, &task, mem);
	struct read_result r = { .kept = sink->self };
	size_t step = way->step ? way->step : len + 1;
	bool ok = true;

	for (size_t at = 0; ok && at < len; at += step)
		ok = reading_feed(reading, body + at, len - at < step ? len - at : step, &r.e);
	r.ok = ok && reading_end(reading, &r.answer, &r.e);
	r.refused = reading_refused(reading);
	ck_assert(r.ok == (r.e.kind == ERR_NONE));
	ck_assert(!r.kept->open);
	return r;
}

static const char good[] =
	TRANSFER("<g:Datei><a:Dateiname>a.txt</a:Dateiname><a:Daten>SGFsbG8=</a:Daten></g:Datei>");

static inline void still_reads(void)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_caged(good, strlen(good), &(struct way){ 0 }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_str_eq(r.answer->delivery->transfers[0].documents[0].sha256,
			 sha256_of("Hallo", 5, mem));
	talloc_free(mem);
}

/* The reader's process, our only child; 0: there is none. */
static inline pid_t reader_pid(void)
{
	char path[64];
	int pid = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
	file = fopen(path, "re");
	ck_assert_ptr_nonnull(file);
	if (fscanf(file, "%d", &pid) != 1)
		pid = 0;
	fclose(file);
	return pid;
}

static inline void open_cage(void)
{
	cage = cage_new(NULL);
}

static inline void close_cage(void)
{
	talloc_free(cage);
}

#endif
