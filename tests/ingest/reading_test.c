/*
 * An answer read in the cage: the same facts as without, whatever comes; and a reader that was taken over (planted, see
 * ingest/reading_plant.c) reaches nothing and harms nobody but its own answer.
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cage.h"
#include "ingest/facts.h"
#include "ingest/limits.h"
#include "ingest/reading.h"
#include "tests/ingest/read_helpers.h"

#define CASES SOURCE_DIR "/tests/ingest/cases"

static struct cage *cage;

/* ---- reading ---- */

struct way {
	const char *type, *whose;
	size_t step;
	bool kept;
};

/* The body in a file, as a worker has it; the same file for all. */
static const int *keep(const char *body, size_t len)
{
	static int fd = -1;

	if (fd < 0)
		fd = memfd_create("answer", MFD_CLOEXEC);
	ck_assert_int_ge(fd, 0);
	ck_assert_int_eq(ftruncate(fd, 0), 0);
	ck_assert_int_eq(pwrite(fd, body, len, 0), (ssize_t)len);
	return &fd;
}

static struct read_result read_caged(const char *body, size_t len, const struct way *way,
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

static void still_reads(void)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r = read_caged(good, strlen(good), &(struct way){ 0 }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_str_eq(r.answer->delivery->transfers[0].documents[0].sha256,
			 sha256_of("Hallo", 5, mem));
	talloc_free(mem);
}

/* ---- the process, as the kernel sees it ---- */

/* The reader's process, our only child; 0: there is none. */
static pid_t reader_pid(void)
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

/* Much more than any buffer between the two, with a checksum behind it that is verified by asking again. */
START_TEST(long_documents)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	const size_t text_len = 16 << 20;
	char *text = talloc_size(mem, text_len + 1);
	char *body;
	struct read_result r;
	EVP_MD_CTX *md5 = EVP_MD_CTX_new();
	uint8_t *bytes = talloc_size(mem, text_len / 4 * 3), digest[16];
	char hex[33];
	pid_t pid;

	for (size_t i = 0; i < text_len; i++)
		text[i] = "ABCDEFGHIJKLMNOP"[(i * 7 + i / 1000) % 16];
	text[text_len] = '\0';
	ck_assert_int_eq(EVP_DecodeBlock(bytes, (uint8_t *)text, (int)text_len),
			 (int)(text_len / 4 * 3));
	EVP_DigestInit_ex(md5, EVP_md5(), NULL);
	EVP_DigestUpdate(md5, bytes, text_len / 4 * 3);
	EVP_DigestFinal_ex(md5, digest, NULL);
	EVP_MD_CTX_free(md5);
	text_hex(hex, digest, sizeof digest);
	body = talloc_asprintf(
		mem, "%s%s%s%s%s",
		"<q:Envelope xmlns:q=\"" SOAP "\"" SPACES
		"><q:Body><t:getShipmentResponse><t:Response>" OK_STATUS
		"<t:Lieferung><t:ID>70001</t:ID><t:Transfer><g:Datei><a:Daten>",
		text, "</a:Daten><a:Pruefsumme><a:Typ>MD5</a:Typ><a:Wert>", hex,
		"</a:Wert></a:Pruefsumme></g:Datei></t:Transfer></t:Lieferung></t:Response>"
		"</t:getShipmentResponse></q:Body></q:Envelope>");
	r = read_caged(body, strlen(body), &(struct way){ .kept = true, .step = 16384 }, mem);
	pid = reader_pid();
	ck_assert_msg(r.ok, "%s", r.e.text);
	still_reads();
	ck_assert_int_eq(reader_pid(), pid);
	r = read_caged(body, strlen(body), &(struct way){ .kept = true, .step = 16384 }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	ck_assert_str_eq(r.answer->delivery->transfers[0].documents[0].sha256,
			 sha256_of(bytes, text_len / 4 * 3, mem));
	ck_assert_int_eq(reader_pid(), pid);
	talloc_free(mem);
}
END_TEST

/* The delimiter behind a document stands everywhere around the end of what is read at once, and bytes that look like it before. */
START_TEST(documents_by_their_place)
{
	static const char head[] = ROOT TRANSFER(INCLUDE("p")) PART("p", "");
	static char body[65536 * 6];
	const struct way way = { .type = RELATED, .step = 50000, .kept = true };
	size_t at = sizeof head - 1;

	memcpy(body, head, at);
	for (size_t i = at; i < sizeof body; i++)
		body[i] = "\r\n--b-x"[(i + i / 1000) % 7];
	for (size_t end = 65536 * 5 - 10; end <= 65536 * 5 + 2; end++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		const char *sha256 = sha256_of(body + at, end - at, mem);
		char *behind = talloc_memdup(mem, body + end, sizeof CLOSE - 1);
		struct read_result r;

		memcpy(body + end, CLOSE, sizeof CLOSE - 1);
		r = read_caged(body, end + sizeof CLOSE - 1, &way, mem);
		ck_assert_msg(r.ok, "%zu: %s", end, r.e.text);
		ck_assert_str_eq(r.answer->delivery->transfers[0].documents[0].sha256, sha256);
		memcpy(body + end, behind, sizeof CLOSE - 1);
		talloc_free(mem);
	}
}
END_TEST

/* Where a document stands in the answer is counted with what stands before the XML. */
START_TEST(a_byte_order_mark_moves_nothing)
{
	static const char marked[] = "\xef\xbb\xbf" TRANSFER(
		"<g:Datei><a:Daten>SGFsbG8=</a:Daten><a:Pruefsumme><a:Typ>MD5</a:Typ>"
		"<a:Wert>d1bf93299de1b68e6d382c893bf1215f</a:Wert></a:Pruefsumme></g:Datei>");
	TALLOC_CTX *mem = talloc_new(NULL);
	struct read_result r =
		read_caged(marked, strlen(marked), &(struct way){ .kept = true }, mem);

	ck_assert_msg(r.ok, "%s", r.e.text);
	r = read_caged(marked, strlen(marked), &(struct way){ .kept = true, .step = 1 }, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
	talloc_free(mem);
}
END_TEST

/* A process sees the file that it was given and no other one. */
START_TEST(another_file_another_process)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int other = memfd_create("other", MFD_CLOEXEC);
	const struct reading_task task = { .limits = { 1u << 30, 10 },
					   .sink = kept_sink(mem),
					   .kept_fd = &other };
	struct reading *reading;
	struct answer *answer;
	struct err e = { 0 };
	pid_t first;

	ck_assert(read_caged(good, strlen(good), &(struct way){ .kept = true }, mem).ok);
	first = reader_pid();
	still_reads(); /* what comes by the wire needs no file */
	ck_assert_int_eq(reader_pid(), first);
	ck_assert_int_eq(write(other, good, strlen(good)), (ssize_t)strlen(good));
	reading = reading_begin(cage, &task, mem);
	ck_assert(reading_feed(reading, good, strlen(good), &e));
	ck_assert_msg(reading_end(reading, &answer, &e), "%s", e.text);
	ck_assert_int_ne(reader_pid(), first);
	close(other);
	talloc_free(mem);
}
END_TEST

/* What was kept is gone, or was never there: nothing is known of the answer. */
START_TEST(a_file_that_is_too_short)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int empty = memfd_create("empty", MFD_CLOEXEC);
	const struct reading_task task = { .limits = { 1u << 30, 10 },
					   .sink = kept_sink(mem),
					   .kept_fd = &empty };
	struct reading *reading = reading_begin(cage, &task, mem);
	struct answer *answer;
	struct err e = { 0 };

	ck_assert(reading_feed(reading, good, strlen(good), &e));
	ck_assert(!reading_end(reading, &answer, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(e.text, "shorter than it was"));
	close(empty);
	talloc_free(mem);
	still_reads();
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

/* A minute for a few bytes: it is the insurer who is slow. */
START_TEST(a_slow_insurer_is_no_silent_reader)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct cage *other = cage_new(mem);
	const struct reading_task wire = { .limits = { 1u << 30, 10 }, .sink = kept_sink(mem) };
	const struct reading_task kept = { .limits = { 1u << 30, 10 },
					   .sink = kept_sink(mem),
					   .kept_fd = keep(good, strlen(good)) };
	struct reading *readings[] = { reading_begin(cage, &wire, mem),
				       reading_begin(other, &kept, mem) };
	struct answer *answer;
	struct err e = { 0 };

	for (int i = 0; i < 2; i++)
		ck_assert(reading_feed(readings[i], good, 40, &e));
	usleep((CAGE_SILENCE_MS + 1000) * 1000);
	for (int i = 0; i < 2; i++) {
		ck_assert_msg(reading_feed(readings[i], good + 40, strlen(good) - 40, &e), "%s",
			      e.text);
		ck_assert_msg(reading_end(readings[i], &answer, &e), "%d: %s", i, e.text);
		ck_assert_uint_eq(answer->delivery->transfers[0].documents[0].size, 5);
	}
	talloc_free(mem);
}
END_TEST

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

static void open_cage(void)
{
	cage = cage_new(NULL);
}

static void close_cage(void)
{
	talloc_free(cage);
}

int main(void)
{
	TCase *tests = tcase_create("reading");

	tcase_set_timeout(tests, 120); /* it is slow for longer than a reader may be silent */
	tcase_add_checked_fixture(tests, open_cage, close_cage);
	tcase_add_test(tests, the_same_facts);
	tcase_add_test(tests, long_documents);
	tcase_add_test(tests, documents_by_their_place);
	tcase_add_test(tests, a_byte_order_mark_moves_nothing);
	tcase_add_test(tests, another_file_another_process);
	tcase_add_test(tests, a_file_that_is_too_short);
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
	tcase_add_test(tests, a_slow_insurer_is_no_silent_reader);
	tcase_add_test(tests, nobody_elses_messages);
	tcase_add_test(tests, dropped_in_the_middle);
	tcase_add_test(tests, locked_in);
	tcase_add_test(tests, no_such_program);
	tcase_add_test(tests, no_secrets_inside);
	tcase_add_test(tests, facts_are_not_believed);
	return run_suite("reading", tests);
}
