/*
 * hostile.c -- every hostile message, and every control, through the reader of the product, and what came of it.
 *
 *   hostile              in this process whole and in pieces, in the cage, one after the other, documents too; a table
 *   hostile --measure    each in a cage of its own: the memory and the time of the reading process, and of the inspecting one
 *   hostile --runaways   the same of reading processes that were taken over, where the reader has the plants
 *   hostile --actual     what happens now, a line a case: to be read by whoever writes a case
 */
#include "tests/hostile/plain_check.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/limits.h"
#include "ingest/saved_http.h"
#include "tests/hostile/hostile.h"
#include "tests/ingest/read_helpers.h"

#define NOW_MS      1772517600000ll
#define SHORT_ONE   20000        /* bytes; such a case is read byte by byte, too */
#define MEMORY_MOST (64l * 1024) /* KiB */
#define CPU_MOST_MS 1000
#define WATCH_MS    250 /* until the watchman has seen it, and the process is gone */

static const char *const class_names[CLASS_COUNT] = {
	"controls",
	"no SOAP",
	"XML",
	"structure",
	"base64 and checksums",
	"XOP",
	"MIME",
	"HTTP framing",
	"limits",
	"status and tokens",
	"signature: wrapping",
	"signature: coverage, algorithms, transforms, key info",
	"signature: changed texts, ids, parser differentials",
	"signature: freshness",
	"signature: keys and certificates",
	"signature: MTOM",
	"reader taken over",
	"sequences",
	"ZIP",
	"PDF",
};

struct hostile_case *hostile_add(struct hostile_list *list, enum hostile_class class,
				 const char *name, const char *text, enum refusal refusal)
{
	struct hostile_case *c;

	if (list->count == talloc_array_length(list->cases))
		list->cases = talloc_realloc(NULL, list->cases, struct hostile_case,
					     list->count ? 2 * list->count : 64);
	c = &list->cases[list->count++];
	*c = (struct hostile_case){
		.class = class,
		.name = name,
		.bytes = text,
		.len = strlen(text),
		.want = refusal ? WANT_REFUSED : WANT_READ,
		.refusal = refusal,
	};
	return c;
}

/* --- reading one --- */

struct fed {
	struct reading *reading;
};

static bool feed(void *self, const void *bytes, size_t len, struct err *e)
{
	struct fed *fed = self;
	char *exact = malloc(len ? len : 1); /* so that the sanitizer sees a byte read too far */
	bool ok;

	memcpy(exact, bytes, len);
	ok = reading_feed(fed->reading, exact, len, e);
	free(exact);
	return ok;
}

/* As vorpost delivery read does: whether the transport was whole is to be known first. */
static bool feed_all(void *self, const void *bytes, size_t len, struct err *e)
{
	struct err kept = { 0 };

	(void)e;
	feed(self, bytes, len, &kept);
	return true;
}

static bool feed_body(struct fed *fed, const char *bytes, size_t len, size_t step, struct err *e)
{
	for (size_t at = 0; at < len; at += step)
		if (!feed(fed, bytes + at, len - at < step ? len - at : step, e))
			return false;
	return true;
}

static bool feed_http(struct fed *fed, const struct http_head *head, const char *bytes, size_t len,
		      size_t step, TALLOC_CTX *mem, struct err *e)
{
	struct saved_http *body = saved_http_new(head, feed_all, fed, mem);

	for (size_t at = 0; at < len; at += step)
		if (!saved_http_feed(body, bytes + at, len - at < step ? len - at : step, e))
			return false;
	return saved_http_end(body, e);
}

/* The body as a worker has it, in a file that stays the same. */
static const int *keep(const struct hostile_case *c)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("answer", MFD_CLOEXEC);
	if (fd < 0 || ftruncate(fd, 0) != 0 || pwrite(fd, c->bytes, c->len, 0) != (ssize_t)c->len) {
		perror("hostile: the answer cannot be kept");
		exit(70);
	}
	return &fd;
}

struct hostile_result hostile_read(struct cage *cage, const struct hostile_case *c, size_t step,
				   bool kept, TALLOC_CTX *mem)
{
	struct reading_task task = {
		.whose = "insurer",
		.content_type = c->type,
		.expected_id = c->asked,
		.limits = { c->most ? c->most : 1u << 30, 10000 },
		.sink = c->alone ? NULL : kept_sink(mem),
		.kept_fd = kept && !c->http ? keep(c) : NULL,
		.policy = c->policy,
		.trust = c->trust,
		.now_ms = NOW_MS,
	};
	struct hostile_result r = { 0 };
	struct read_result read = { 0 };
	struct http_head head;
	size_t head_len = 0;
	struct fed fed = { 0 };

	if (c->http && !saved_http_head(&head, &head_len, c->bytes, c->len, &r.e))
		return r;
	task.content_type = c->http ? head.content_type : c->type;
	fed.reading = reading_begin(cage, &task, mem);
	r.ok = (c->http ? feed_http(&fed, &head, (const char *)c->bytes + head_len,
				    c->len - head_len, step, mem, &r.e)
			: feed_body(&fed, c->bytes, c->len, step, &r.e)) &&
	       reading_end(fed.reading, &read.answer, &r.e);
	read.ok = r.ok;
	read.e = r.e;
	r.facts = facts_text(&read, mem);
	if (!r.ok)
		talloc_free(fed.reading);
	return r;
}

/* --- judging --- */

bool hostile_right(const char *how, const struct hostile_case *c, const struct hostile_result *r)
{
	const char *expected = c->want == WANT_READ      ? "read"
			       : c->want == WANT_REFUSED ? refusal_word(c->refusal)
							 : "transport";
	bool right = c->want == WANT_READ        ? r->ok
		     : c->want == WANT_TRANSPORT ? !r->ok && r->e.kind == ERR_RETRY
						 : !r->ok && r->e.refusal == (int)c->refusal;

	if (right && r->ok && c->facts && !strstr(r->facts, c->facts))
		right = false;
	if (right && r->ok && c->not_facts && strstr(r->facts, c->not_facts))
		right = false;
	if (!right)
		printf("WRONG (%s): %s, %s: expected %s, found %s [%s]\n", how,
		       class_names[c->class], c->name, expected, r->ok ? r->facts : r->e.text,
		       refusal_word((enum refusal)r->e.refusal));
	return right;
}

/* The cage costs a process a refusal here; --measure goes through it with each. */
static bool judge_one(struct cage *cage, bool kept, const struct hostile_case *c)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct hostile_result r;
	bool right = true;

	if (!c->caged) {
		r = hostile_read(NULL, c, 65536, true, mem);
		right = hostile_right("here", c, &r);
	}
	if (right && !c->caged && c->len < SHORT_ONE) {
		r = hostile_read(NULL, c, 1, false, mem);
		right = hostile_right("byte by byte", c, &r);
	}
	if (right && cage) {
		r = hostile_read(cage, c, 65536, kept, mem);
		right = hostile_right(kept ? "in the cage, kept" : "in the cage, by the wire", c,
				      &r);
	}
	talloc_free(mem);
	return right;
}

static int unreached(const struct hostile_list *list)
{
	bool reached[REFUSAL_COUNT] = { false };
	int missing = 0;

	for (size_t i = 0; i < list->count; i++)
		reached[list->cases[i].refusal] = true;
	reached[REFUSAL_OTHER_OPERATION] = true; /* sequences.c */
#ifndef VORPOST_CRASH_POINTS
	for (int i = REFUSAL_READER_CRASHED; i <= REFUSAL_READER_LIES; i++)
		reached[i] = true; /* needs the plants */
#endif
	for (int i = 1; i < REFUSAL_COUNT; i++)
		if (!reached[i]) {
			printf("no case reaches the refusal %s (%s)\n",
			       refusal_word((enum refusal)i), refusal_means((enum refusal)i));
			missing++;
		}
	printf("refusals: %d in the list, %d reached by a case\n", REFUSAL_COUNT - 1,
	       REFUSAL_COUNT - 1 - missing);
	return missing;
}

static int judge(const struct hostile_list *list)
{
	int cases[CLASS_COUNT] = { 0 }, wrong[CLASS_COUNT] = { 0 }, all = 0, bad = 0;
	struct cage *cage = cage_new(NULL);

	for (size_t i = 0; i < list->count; i++) {
		cases[list->cases[i].class]++;
		wrong[list->cases[i].class] +=
			!judge_one(list->cases[i].caged || i % 4 == 0 ? cage : NULL, i % 8 != 4,
				   &list->cases[i]);
	}
	wrong[CLASS_SEQUENCE] = sequences(cage, list, &cases[CLASS_SEQUENCE]);
	talloc_free(cage);
	wrong[CLASS_ZIP] = inside_documents(&cases[CLASS_ZIP], &cases[CLASS_PDF], NULL);
	printf("\n%-56s %6s %6s\n", "class", "cases", "wrong");
	for (int i = 0; i < CLASS_COUNT; i++) {
		printf("%-56s %6d %6d\n", class_names[i], cases[i], wrong[i]);
		all += cases[i];
		bad += wrong[i];
	}
	printf("%-56s %6d %6d\n\n", "all", all, bad);
	printf("hostile cases: %d, controls: %d\n", all - cases[CLASS_CONTROL],
	       cases[CLASS_CONTROL]);
	if (all - cases[CLASS_CONTROL] < 300 || cases[CLASS_CONTROL] < 25) {
		printf("expected at least 300 hostile cases and 25 controls\n");
		bad++;
	}
	bad += unreached(list);
	printf("%d passed, %d failed\n", all - bad, bad);
	return bad ? 1 : 0;
}

/* --- measuring --- */

struct measure {
	long memory_kib, cpu_ms;
	bool right;
};

/* The reading process at its end: the most that it ever had resident. */
static long resident_most;

void __real_cage_stop(struct cage_child *child, int *how);
void __wrap_cage_stop(struct cage_child *child, int *how);

static long resident_of_living(pid_t pid)
{
	char path[64], line[128];
	long kib = 0;
	FILE *file;

	snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && !kib && fgets(line, sizeof line, file))
		if (sscanf(line, "VmHWM: %ld kB", &kib) != 1)
			kib = 0;
	if (file)
		fclose(file);
	return kib;
}

/* One that ended by itself has no memory any more, but the kernel tells the figure, and again to who waits for it. The library's waitid
 * does not ask for it. A child has our size until it is another program, and the figure counts that: only where we are small. */
static bool we_are_small;

static long resident_of_dead(pid_t pid)
{
	struct rusage used = { 0 };
	siginfo_t info;

	syscall(SYS_waitid, P_PID, pid, &info, WEXITED | WNOWAIT, &used);
	return used.ru_maxrss;
}

void __wrap_cage_stop(struct cage_child *child, int *how)
{
	long kib = child->pid ? resident_of_living(child->pid) : 0;

	if (child->pid && !kib && we_are_small)
		kib = resident_of_dead(child->pid);
	if (kib > resident_most)
		resident_most = kib;
	__real_cage_stop(child, how);
}

static long children_ms(void)
{
	struct rusage used;

	getrusage(RUSAGE_CHILDREN, &used);
	return used.ru_utime.tv_sec * 1000 + used.ru_utime.tv_usec / 1000 +
	       used.ru_stime.tv_sec * 1000 + used.ru_stime.tv_usec / 1000;
}

static struct measure measure_one(const struct hostile_case *c)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct cage *cage = cage_new(NULL);
	long before_ms = children_ms();
	struct measure m = { 0 };
	struct hostile_result r;

	resident_most = 0;
	r = hostile_read(cage, c, 65536, true, mem);
	m.right = hostile_right("measured", c, &r);
	talloc_free(mem); /* with what is under way */
	talloc_free(cage);
	m.memory_kib = resident_most;
	m.cpu_ms = children_ms() - before_ms;
	return m;
}

/* A runaway is let run until the bound is behind it. */
static long cpu_most_ms(const struct hostile_case *c)
{
	return CPU_MOST_MS + (c->class == CLASS_READER ? WATCH_MS : 0);
}

/* Has a figure of its memory to be there? Not where it ends at its bound of memory and nothing is left to look at; how much that is
 * at most, the runaways show. */
static bool unseen(const struct hostile_case *c, const struct measure *m)
{
	return c->caged && !m->memory_kib && (we_are_small || c->refusal != REFUSAL_READER_MEMORY);
}

/* What is beyond is measured again: a machine that stood still may have counted that as computing. So is one whose process was gone
 * before anybody looked. */
static struct measure measure_surely(const struct hostile_case *c)
{
	struct measure m = measure_one(c);

	for (int again = 0; again < 4 && (m.cpu_ms > cpu_most_ms(c) || unseen(c, &m)); again++) {
		struct measure next = measure_one(c);

		m.right = m.right && next.right;
		m.memory_kib = next.memory_kib > m.memory_kib ? next.memory_kib : m.memory_kib;
		m.cpu_ms = next.cpu_ms < m.cpu_ms ? next.cpu_ms : m.cpu_ms;
	}
	return m;
}

static int measure(const struct hostile_list *list)
{
	const char *memory_name = "", *cpu_name = "";
	long memory = 0, cpu = 0, cpu_sum = 0;
	int bad = 0, seen = 0;

	for (size_t i = 0; i < list->count; i++) {
		const struct hostile_case *c = &list->cases[i];
		struct measure m = measure_surely(c);
		bool fits =
			!unseen(c, &m) && m.memory_kib <= MEMORY_MOST && m.cpu_ms <= cpu_most_ms(c);

		if (m.memory_kib > memory)
			memory = m.memory_kib, memory_name = c->name;
		if (m.cpu_ms > cpu)
			cpu = m.cpu_ms, cpu_name = c->name;
		seen += m.memory_kib > 0;
		if (!fits)
			printf("BEYOND: %s, %s: %ld KiB resident, %ld ms of computing\n",
			       class_names[c->class], c->name, m.memory_kib, m.cpu_ms);
		cpu_sum += m.cpu_ms;
		bad += !m.right || !fits;
	}
	printf("%zu messages, %d of them came to a reading process\n", list->count, seen);
	printf("most memory of a reading process: %.1f MiB of 64 (%s)\n", (double)memory / 1024,
	       memory_name);
	printf("most computing of one: %ld ms of 1000 (%s); %.1f ms on average\n", cpu, cpu_name,
	       (double)cpu_sum / (double)list->count);
	return bad;
}

static int measure_inside(int *cases)
{
	struct inside_most most = { .memory_name = "", .cpu_name = "" };
	int archives = 0, papers = 0, bad = inside_documents(&archives, &papers, &most);

	*cases = archives + papers;
	printf("%d documents, each in an inspecting process\n", *cases);
	printf("most memory of one: %.1f MiB resident of 64 (%s)\n", (double)most.memory_kib / 1024,
	       most.memory_name);
	printf("most computing of one: %ld ms of 1000 (%s)\n", most.cpu_ms, most.cpu_name);
	return bad;
}

static int show_actual(const struct hostile_list *list)
{
	for (size_t i = 0; i < list->count; i++) {
		const struct hostile_case *c = &list->cases[i];
		TALLOC_CTX *mem = talloc_new(NULL);
		struct hostile_result r = { 0 };

		if (!c->caged)
			r = hostile_read(NULL, c, 65536, true, mem);
		printf("%zu\t%d\t%.60s\t%s\t%s\t%s\n", i, (int)c->class, c->name,
		       refusal_word(c->refusal), refusal_word((enum refusal)r.e.refusal),
		       r.ok ? "read" : r.e.text);
		talloc_free(mem);
	}
	return 0;
}

static void all_cases(struct hostile_list *list, TALLOC_CTX *mem)
{
	cases_control(list, mem);
	cases_message(list, mem);
	cases_mime(list, mem);
	cases_http(list, mem);
	cases_signature(list, mem);
	cases_reader(list, mem);
}

static int measure_all(struct hostile_list *list, TALLOC_CTX *mem)
{
	int documents, bad = measure_inside(&documents);

	all_cases(list, mem);
	bad += measure(list);
	printf("%d passed, %d failed\n", (int)list->count + documents - bad, bad);
	return bad ? 1 : 0;
}

static int measure_runaways(struct hostile_list *list, TALLOC_CTX *mem)
{
	int bad;

	we_are_small = true;
	cases_reader(list, mem);
	bad = measure(list);
	if (!list->count) {
		printf("this build has no plants\n");
		bad = 1;
	}
	printf("%d passed, %d failed\n", (int)list->count - bad, bad);
	return bad ? 1 : 0;
}

int main(int argc, char **argv)
{
	struct hostile_list list = { 0 };
	TALLOC_CTX *mem = talloc_new(NULL);
	const char *wish = argc > 1 ? argv[1] : "";
	int result;

	setvbuf(stdout, NULL, _IOLBF, 0);
	if (strcmp(wish, "--look") == 0 && argc == 4) {
		result = inside_look(argv[2], atoi(argv[3]));
	} else if (strcmp(wish, "--measure") == 0) {
		result = measure_all(&list, mem);
	} else if (strcmp(wish, "--runaways") == 0) {
		result = measure_runaways(&list, mem);
	} else {
		all_cases(&list, mem);
		result = strcmp(wish, "--actual") == 0 ? show_actual(&list) : judge(&list);
	}
	talloc_free(list.cases);
	talloc_free(mem);
	return result;
}
