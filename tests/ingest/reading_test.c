/*
 * An answer read in the cage: the same facts as without, whatever comes; and a reader that was taken over (planted, see
 * ingest/reading_plant.c) reaches nothing and harms nobody but its own answer.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/facts.h"
#include "ingest/limits.h"
#include "ingest/reading.h"
#include "tests/ingest/reading_scene.h"

#define CASES SOURCE_DIR "/tests/ingest/cases"

/* ---- the process, as the kernel sees it ---- */

static char *slurp(const char *path, size_t *len, TALLOC_CTX *mem)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char *text = talloc_zero_size(mem, 1 << 16);
	ssize_t n;

	ck_assert_msg(fd >= 0, "%s: %m", path);
	n = read(fd, text, (1 << 16) - 1);
	ck_assert_int_ge(n, 0);
	close(fd);
	*len = (size_t)n;
	return text;
}

static char *of_process(pid_t pid, const char *what, size_t *len, TALLOC_CTX *mem)
{
	return slurp(talloc_asprintf(mem, "/proc/%d/%s", (int)pid, what), len, mem);
}

/* ---- cases ---- */

static char *crlf(const char *text, size_t *len, TALLOC_CTX *mem)
{
	char *out = talloc_size(mem, 2 * *len + 1), *to = out;

	for (size_t i = 0; i < *len; i++) {
		if (text[i] == '\n')
			*to++ = '\r';
		*to++ = text[i];
	}
	*len = (size_t)(to - out);
	return out;
}

static void golden(const char *name, size_t step, bool kept)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	size_t len, facts_len;
	char *body = slurp(talloc_asprintf(mem, CASES "/%s", name), &len, mem);
	char *facts = slurp(talloc_asprintf(mem, CASES "/%.*s.facts", (int)strlen(name) - 7, name),
			    &facts_len, mem);
	struct way way = { .step = step, .kept = kept };
	struct read_result r;

	if (strncmp(body, "Content-Type: ", 14) == 0) {
		char *end = strchr(body, '\n');

		way.type = talloc_strndup(mem, body + 14, (size_t)(end - body) - 14);
		len -= (size_t)(end + 2 - body);
		body = end + 2;
	}
	if (way.type && strncasecmp(way.type, "multipart/", 10) == 0 && !strstr(name, "bare-lf"))
		body = crlf(body, &len, mem);
	r = read_caged(body, len, &way, mem);
	ck_assert_msg(strcmp(facts_text(&r, mem), facts) == 0, "%s: %s\n%s\nexpected\n%s", name,
		      r.e.text, facts_text(&r, mem), facts);
	talloc_free(mem);
}

START_TEST(the_same_facts)
{
	DIR *folder = opendir(CASES);
	struct dirent *entry;
	int cases = 0;

	while ((entry = readdir(folder)))
		if (strlen(entry->d_name) > 7 &&
		    strcmp(entry->d_name + strlen(entry->d_name) - 7, ".answer") == 0) {
			golden(entry->d_name, 0, false);
			golden(entry->d_name, 1, false);
			golden(entry->d_name, 0, true);
			golden(entry->d_name, 1, true);
			cases++;
		}
	closedir(folder);
	ck_assert_int_ge(cases, 15);
}
END_TEST

/* Long enough for every library to reach for its ways with much. */
START_TEST(long_lists)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	char *body = talloc_strdup(mem, "<q:Envelope xmlns:q=\"" SOAP "\"" SPACES
					"><q:Body><t:listShipmentsResponse><t:Response>" OK_STATUS);
	struct read_result r;

	for (int i = 0; i < 5000; i++)
		body = talloc_asprintf_append_buffer(
			body, "<t:Lieferung><t:ID>%d</t:ID></t:Lieferung>", i);
	body = talloc_strdup_append_buffer(
		body, "</t:Response></t:listShipmentsResponse></q:Body></q:Envelope>");
	r = read_caged(body, strlen(body), &(struct way){ 0 }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_uint_eq(r.answer->list.count, 5000);
	ck_assert_str_eq(r.answer->list.items[4999].id, "4999");
	talloc_free(mem);
}
END_TEST

/* The first error tells as it would without a cage, with its code. */
START_TEST(refusals_keep_their_route)
{
	static const char locked[] = STATUS("NOK", CODE("00961"));
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_caged(locked, strlen(locked), &(struct way){ 0 }, mem);

	ck_assert(!r.ok && r.refused);
	ck_assert_int_eq(r.e.kind, ERR_LOGIN);
	ck_assert_str_eq(r.e.code, "00961");
	still_reads();
	talloc_free(mem);
}
END_TEST

/* A process reads so many answers, and then a fresh one takes over. */
START_TEST(answers_of_a_process_have_a_limit)
{
	pid_t first = 0;

	for (int i = 1; i <= READER_ANSWERS_MOST + 1; i++) {
		still_reads();
		first = first ? first : reader_pid();
		ck_assert_msg((reader_pid() == first) == (i <= READER_ANSWERS_MOST), "answer %d",
			      i);
	}
}
END_TEST

#ifdef VORPOST_CRASH_POINTS

static const struct {
	const char *word;
	enum err_kind kind;
	const char *says;
} planted[] = {
	{ "crash", ERR_DELIVERY, "crashed (signal 11)" },
	{ "abort", ERR_DELIVERY, "crashed (signal 6)" },
	{ "loop", ERR_DELIVERY, "came to no end" },
	{ "bomb", ERR_DELIVERY, "ran out of memory" },
	{ "exit", ERR_DELIVERY, "ended in the middle (exit 3)" },
	{ "open", ERR_DELIVERY, "forbidden" },
	{ "create", ERR_DELIVERY, "forbidden" },
	{ "unlink", ERR_DELIVERY, "forbidden" },
	{ "socket", ERR_DELIVERY, "forbidden" },
	{ "connect", ERR_DELIVERY, "forbidden" },
	{ "execute", ERR_DELIVERY, "forbidden" },
	{ "fork", ERR_DELIVERY, "forbidden" },
	{ "kill", ERR_DELIVERY, "forbidden" },
	{ "parent", ERR_DELIVERY, "forbidden" },
	{ "memory", ERR_DELIVERY, "forbidden" },
	{ "passing", ERR_DELIVERY, "forbidden" },
	{ "ring", ERR_DELIVERY, "forbidden" },
	{ "other", ERR_DELIVERY, "forbidden" },
	{ "terminal", ERR_DELIVERY, "crashed (signal 6)" },
	{ "code", ERR_DELIVERY, "forbidden" },
	{ "babble", ERR_DELIVERY, "protocol" },
	{ "long", ERR_DELIVERY, "protocol" },
	{ "facts", ERR_DELIVERY, "facts are none" },
	{ "flood", ERR_DELIVERY, "protocol" },
	{ "beyond", ERR_DELIVERY, "protocol" },
	{ "across", ERR_DELIVERY, "protocol" },
	{ "again", ERR_DELIVERY, "protocol" },
	{ "nothing", ERR_DELIVERY, "protocol" },
	{ "mumble", ERR_DELIVERY, "came to no end" },
};

static void ends_planted(const char *word, enum err_kind kind, const char *says)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct way way = { .type = talloc_asprintf(mem, "text/xml; x-plant=%s", word),
				 .kept = true };
	struct read_result r = read_caged(good, strlen(good), &way, mem);

	ck_assert_msg(!r.ok, "%s", word);
	ck_assert_msg(r.e.kind == kind && strstr(r.e.text, says), "%s: %s, expected \"... %s ...\"",
		      word, r.e.text, says);
	ck_assert_int_eq(reader_pid(), 0);
	talloc_free(mem);
}

START_TEST(taken_over)
{
	ends_planted(planted[_i].word, planted[_i].kind, planted[_i].says);
	ck_assert_int_ne(access("/tmp/vorpost-planted", F_OK), 0);
	still_reads();
}
END_TEST

/* It says that it has read an answer that has not ended. */
START_TEST(an_end_before_the_end)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct reading_task task = { .content_type = "text/xml; x-plant=facts",
					   .limits = { 1u << 30, 10 } };
	struct reading *reading = reading_begin(cage, &task, mem);
	struct err e = { 0 };

	for (int i = 0; i < 2000 && reading_feed(reading, " ", 1, &e); i++)
		usleep(10000);
	ck_assert_int_eq(e.kind, ERR_DELIVERY);
	ck_assert_msg(strstr(e.text, "protocol"), "%s", e.text);
	ck_assert_int_eq(reader_pid(), 0);
	talloc_free(mem);
	still_reads();
}
END_TEST

/* As many bytes as may be come to their end, and are no facts; one more is not taken. */
START_TEST(facts_have_a_limit)
{
	char says[64];

	snprintf(says, sizeof says, "more than %u bytes", FACTS_MOST);
	ends_planted("brim", ERR_DELIVERY, "protocol");
	ends_planted("spill", ERR_DELIVERY, says);
}
END_TEST

/* Ended by somebody else, or by the kernel for want of memory: that says nothing about the answer. */
START_TEST(ended_from_outside)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct reading_task task = { .content_type = "text/xml; x-plant=silence",
					   .limits = { 1u << 30, 10 } };
	struct reading *reading = reading_begin(cage, &task, mem);
	struct answer *answer;
	struct err e = { 0 };

	ck_assert(reading_feed(reading, "<a", 2, &e));
	kill(reader_pid(), SIGKILL);
	ck_assert(!reading_end(reading, &answer, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	still_reads();
	talloc_free(mem);
}
END_TEST

#endif

START_TEST(nobody_elses_messages)
{
	static const char token[] = BODY(
		"<w:RequestSecurityTokenResponse xmlns:w=\"http://schemas.xmlsoap.org/ws/2005/02/trust\">"
		"<w:RequestedSecurityToken><c:SecurityContextToken "
		"xmlns:c=\"http://schemas.xmlsoap.org/ws/2005/02/sc\"><c:Identifier>t</c:Identifier>"
		"</c:SecurityContextToken></w:RequestedSecurityToken></w:RequestSecurityTokenResponse>");
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r;
	pid_t before;

	r = read_caged(good, strlen(good), &(struct way){ .whose = "nord" }, mem);
	ck_assert(r.ok);
	before = reader_pid();
	r = read_caged(good, strlen(good), &(struct way){ .whose = "nord" }, mem);
	ck_assert(r.ok && reader_pid() == before);
	r = read_caged(good, strlen(good), &(struct way){ .whose = "sued" }, mem);
	ck_assert(r.ok && reader_pid() != before);
	r = read_caged(token, strlen(token), &(struct way){ .whose = "sued" }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_str_eq(r.answer->token, "t");
	ck_assert_int_eq(reader_pid(), 0);
	talloc_free(mem);
}
END_TEST

/* Somebody loses interest in the middle. */
START_TEST(dropped_in_the_middle)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct reading_task task = { .limits = { 1u << 30, 10 } };
	struct reading *reading = reading_begin(cage, &task, mem);
	struct err e = { 0 };

	ck_assert(reading_feed(reading, good, 40, &e));
	talloc_free(mem);
	ck_assert_int_eq(reader_pid(), 0);
	still_reads();
}
END_TEST

/* ---- what stands around it ---- */

START_TEST(locked_in)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int landlock = -1;
	struct err e = { 0 };
	size_t len;
	char *status;
	pid_t pid;

	still_reads();
	pid = reader_pid();
	status = of_process(pid, "status", &len, mem);
	ck_assert_ptr_nonnull(strstr(status, "\nNoNewPrivs:\t1"));
	ck_assert_ptr_nonnull(strstr(status, "\nSeccomp:\t2"));
	of_process(pid, "environ", &len, mem);
	ck_assert(CAGE_SANITIZED || len == 0);
	ck_assert(cage_seccomp_known());
	ck_assert_msg(cage_try(&landlock, cage, &e), "%s", e.text);
	ck_assert_int_eq(landlock, cage_landlock_version());
	if (!landlock)
		printf("reading_test: this kernel has no Landlock; seccomp alone was shown\n");
	talloc_free(mem);
}
END_TEST

START_TEST(no_such_program)
{
	struct cage_child child;
	struct err e = { 0 };

	ck_assert(!cage_start(&child, "vorpost-nothing", -1, 40, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, "vorpost-nothing cannot be started"));
}
END_TEST

/* Does this memory hold the word? */
static bool holds(int memory, unsigned long from, unsigned long to, const char *word)
{
	static char piece[1 << 20];
	size_t len = strlen(word);

	for (unsigned long at = from; at < to; at += sizeof piece - len) {
		size_t most = to - at < sizeof piece ? to - at : sizeof piece;
		ssize_t n = pread(memory, piece, most, (off_t)at);

		if (n > 0 && memmem(piece, (size_t)n, word, len))
			return true;
	}
	return false;
}

static bool process_holds(pid_t pid, const char *word)
{
	char path[64], row[4096];
	unsigned long from, to;
	bool found = false;
	FILE *maps;
	int memory;

	snprintf(path, sizeof path, "/proc/%d/mem", (int)pid);
	memory = open(path, O_RDONLY | O_CLOEXEC);
	if (memory < 0)
		return false;
	snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
	maps = fopen(path, "re");
	while (maps && fgets(row, sizeof row, maps) && !found)
		if (sscanf(row, "%lx-%lx r", &from, &to) == 2 && to - from < 1ul << 30 &&
		    strstr(row, " r"))
			found = holds(memory, from, to, word);
	if (maps)
		fclose(maps);
	close(memory);
	return found;
}

/* A secret of this process, on its heap and in its environment, is in no page of the reader's. */
START_TEST(no_secrets_inside)
{
	char *canary = malloc(64);
	struct err e = { 0 };
	char seen[] = "Police.pdf-and-no-secret";
	TALLOC_CTX *mem = talloc_new(NULL);
	const struct reading_task task = { .expected_id = seen, .limits = { 1u << 30, 10 } };
	struct reading *reading;

	snprintf(canary, 64, "canary-%d-%ld", (int)getpid(), random());
	setenv("VORPOST_CANARY", canary, 1);
	reading = reading_begin(cage, &task, mem);
	ck_assert(reading_feed(reading, good, 40, &e));
	if (geteuid() != 0)
		printf("reading_test: not root, so the reader's memory cannot be looked into\n");
	else /* it takes its task when it gets to run; only then the search says something */
		while (!process_holds(reader_pid(), seen))
			usleep(10000);
	ck_assert(process_holds(getpid(), canary));
	ck_assert(!process_holds(reader_pid(), canary));
	talloc_free(mem);
	free(canary);
}
END_TEST

/* ---- facts ---- */

/* Whatever a taken-over reader sends instead of facts: refused, or facts that hold together. */
START_TEST(facts_are_not_believed)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_text(NULL, good, mem);
	struct facts_bytes out = { 0 };
	struct answer *answer;

	ck_assert(r.ok);
	facts_write(&out, r.answer, mem);
	for (size_t cut = 0; cut < out.len; cut++) {
		struct facts_cursor from = { out.bytes, out.bytes + cut, false };

		ck_assert(!facts_read(&answer, &from, mem, NULL));
	}
	srandom(4711);
	for (int i = 0; i < 20000; i++) {
		TALLOC_CTX *once = talloc_new(mem);
		char *bytes = talloc_memdup(once, out.bytes, out.len);
		struct facts_cursor from = { bytes, bytes + out.len, false };

		for (int flips = 0; flips < 1 + i % 3; flips++)
			bytes[(size_t)random() % out.len] = (char)random();
		if (facts_read(&answer, &from, once, NULL) && answer->delivery)
			for (size_t t = 0; t < answer->delivery->transfer_count; t++)
				ck_assert_int_lt((int)answer->delivery->transfers[t].number_count,
						 (int)out.len);
		talloc_free(once);
	}
	talloc_free(mem);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("reading");

	tcase_add_checked_fixture(tests, open_cage, close_cage);
	tcase_add_test(tests, the_same_facts);
	tcase_add_test(tests, long_lists);
	tcase_add_test(tests, refusals_keep_their_route);
	tcase_add_test(tests, answers_of_a_process_have_a_limit);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(tests, taken_over, 0, sizeof planted / sizeof *planted);
	tcase_add_test(tests, an_end_before_the_end);
	tcase_add_test(tests, facts_have_a_limit);
	tcase_add_test(tests, ended_from_outside);
#else
	printf("reading_test: built without crash points, the planted cases are left out\n");
#endif
	tcase_add_test(tests, nobody_elses_messages);
	tcase_add_test(tests, dropped_in_the_middle);
	tcase_add_test(tests, locked_in);
	tcase_add_test(tests, no_such_program);
	tcase_add_test(tests, no_secrets_inside);
	tcase_add_test(tests, facts_are_not_believed);
	return run_suite("reading", tests);
}
