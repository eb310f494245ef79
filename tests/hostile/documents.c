/* documents.c -- what stands inside documents: archives and PDFs that would harm whoever opens them (ingest/inspect.h). */
#include "tests/hostile/plain_check.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "ingest/inspect.h"
#include "ingest/limits.h"
#include "tests/hostile/hostile.h"
#include "tests/ingest/documents_made.h"

struct inside {
	TALLOC_CTX *mem;
	const char *media_type;
	int cases, wrong;
	struct inside_most *most; /* NULL: not measured */
};

/* ---- what it took ---- */

#define SHARED_MIB                                                                                 \
	24 /* as the watchman has it (ingest/inspect.c): libraries, which are not private memory */

_Static_assert(INSPECT_MEMORY_MIB + SHARED_MIB <= 64 && INSPECT_CPU_MS <= 1000,
	       "no hostile message takes more, and a document is part of one");

int inside_look(const char *media_type, int fd)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	struct inspected found;
	struct rusage used;
	struct err e = { 0 };

	if (!inspect(&found, media_type, fd, mem, &e)) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	getrusage(RUSAGE_CHILDREN, &used);
	printf("%ld %ld\n", used.ru_maxrss,
	       (used.ru_utime.tv_sec + used.ru_stime.tv_sec) * 1000 +
		       (used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1000);
	talloc_free(mem);
	return 0;
}

/* Once more, from a process that is small: until it is another program a child has its parent's size, which counts as its own. */
static bool look(struct inside_most *seen, const struct inside *x, int fd)
{
	char self[4096], *command;
	ssize_t len = readlink("/proc/self/exe", self, sizeof self - 1);
	FILE *told;
	bool ok;

	if (len < 0)
		return false;
	self[len] = '\0';
	command = talloc_asprintf(x->mem, "'%s' --look %s %d", self, x->media_type, fd);
	told = popen(command, "r");
	ok = told && fscanf(told, "%ld %ld", &seen->memory_kib, &seen->cpu_ms) == 2;
	talloc_free(command);
	return told && pclose(told) == 0 && ok;
}

static bool took(struct inside *x, const char *name, int fd)
{
	struct inside_most now, *most = x->most;

	if (!look(&now, x, fd)) {
		printf("UNSEEN (inside): %s, %s\n", x->media_type, name);
		return false;
	}
	if (now.memory_kib > most->memory_kib)
		most->memory_kib = now.memory_kib, most->memory_name = name;
	if (now.cpu_ms > most->cpu_ms)
		most->cpu_ms = now.cpu_ms, most->cpu_name = name;
	if (now.cpu_ms <= INSPECT_CPU_MS &&
	    now.memory_kib <= (INSPECT_MEMORY_MIB + SHARED_MIB) * 1024l)
		return true;
	printf("BEYOND (inside): %s, %s: %ld KiB resident, %ld ms of computing\n", x->media_type,
	       name, now.memory_kib, now.cpu_ms);
	return false;
}

/* ---- what came of it ---- */

/* The document ends in this state, its sentence or what was found says this. */
static void expect(struct inside *x, const char *name, const void *bytes, size_t len,
		   enum inspect_state state, const char *says)
{
	int fd = memfd_create("document", 0);
	struct inspected found = { 0 };
	struct err e = { 0 };
	bool ok = fd >= 0 && write(fd, bytes, len) == (ssize_t)len &&
		  inspect(&found, x->media_type, fd, x->mem, &e);
	const char *sentence = found.sentence ? found.sentence : "";
	bool fits = !x->most || took(x, name, fd);

	close(fd);
	x->cases++;
	x->wrong += !fits;
	if (!fits || (ok && found.state == state &&
		      (!says || strstr(sentence, says) || strstr(found.entries, says))))
		return;
	x->wrong++;
	printf("WRONG (inside): %s, %s: expected %s%s%s, found %s: %s %.200s\n", x->media_type,
	       name, inspect_state_name(state), says ? ", " : "", says ? says : "",
	       ok ? inspect_state_name(found.state) : e.text, sentence, ok ? found.entries : "");
}

/* --- ZIP --- */

static struct zip *zip_new(struct inside *x)
{
	return talloc_zero(x->mem, struct zip);
}

static void expect_zip(struct inside *x, const char *name, struct zip *z, enum inspect_state state,
		       const char *says)
{
	zip_close(z);
	expect(x, name, z->bytes, z->len, state, says);
}

static void names(struct inside *x)
{
	static const struct {
		const char *name, *odd;
	} odd[] = {
		{ "../up.txt", "leaves its folder" }, { "a/../../b", "leaves its folder" },
		{ "/root.txt", "absolute" },          { "C:\\x.txt", "absolute" },
		{ "a\nb.txt", "control characters" }, { "a\x1b[31mb.txt", "control characters" },
	};

	for (size_t i = 0; i < sizeof odd / sizeof *odd; i++) {
		struct zip *z = zip_new(x);

		zip_entry(z, 0, odd[i].name, "words");
		expect_zip(x, odd[i].name, z, INSPECT_READ, odd[i].odd);
	}
}

static void put32(uint8_t *at, size_t value)
{
	for (int i = 0; i < 4; i++)
		at[i] = (uint8_t)(value >> 8 * i);
}

/* So many entries, all of which stand at the first one's place: an archive of a megabyte that unpacks to a gigabyte. */
static void overlapping(struct inside *x)
{
	struct zip *z = zip_new(x);
	char *kernel = talloc_size(z, 500001);
	size_t one;

	memset(kernel, 'x', 500000);
	kernel[500000] = '\0';
	zip_entry(z, 0, "aaaa", kernel);
	one = z->directory_len;
	for (int i = 1; i < 900; i++) {
		memcpy(z->directory + z->directory_len, z->directory, one);
		for (int digit = 1, n = i; digit <= 4; digit++, n /= 10)
			z->directory[z->directory_len + one - (size_t)digit] =
				(uint8_t)('0' + n % 10);
		z->directory_len += one;
		z->entries++;
	}
	expect_zip(x, "nine hundred entries at one place, of which one counts", z, INSPECT_READ,
		   "aaaa");
}

/* Each entry holds the heads of all that follow, and the words at the end: they overlap without standing at one place. */
static void nested(struct inside *x)
{
	enum { COUNT = 900, WORDS = 40000, HEAD = 34 };
	struct zip *z = zip_new(x);
	size_t end = COUNT * HEAD + WORDS;

	memset(z->bytes + COUNT * HEAD, 'x', WORDS);
	for (int i = COUNT - 1; i >= 0; i--) {
		size_t at = (size_t)i * HEAD, size = end - at - HEAD;
		uint32_t crc = crc_of(z->bytes + at + HEAD, size);
		struct zip *one = zip_new(x);
		char name[16];

		snprintf(name, sizeof name, "%04d", i);
		zip_entry(one, 0, name, "");
		put32(one->bytes + 14, crc), put32(one->directory + 16, crc);
		put32(one->bytes + 18, size), put32(one->directory + 20, size);
		put32(one->bytes + 22, size), put32(one->directory + 24, size);
		put32(one->directory + 42, at);
		memcpy(z->bytes + at, one->bytes, HEAD);
		memcpy(z->directory + (size_t)i * 50, one->directory, 50);
		talloc_free(one);
	}
	z->len = end;
	z->directory_len = COUNT * 50;
	z->entries = COUNT;
	expect_zip(x, "nine hundred entries, each in the one before", z, INSPECT_REFUSED,
		   "as long");
}

/* One byte of the archive is another. */
static void expect_changed(struct inside *x, const char *name, size_t at, uint8_t byte,
			   bool directory, enum inspect_state state, const char *says)
{
	struct zip *z = zip_new(x);

	zip_entry(z, 0, "Police.pdf", "%PDF-1.4 and so on");
	zip_entry(z, 0, "zwei.txt", "words");
	(directory ? z->directory : z->bytes)[at] = byte;
	expect_zip(x, name, z, state, says);
}

static void counts(struct inside *x)
{
	char name[16];

	for (int more = 0; more < 2; more++) {
		struct zip *z = zip_new(x);

		for (int i = 0; i < ZIP_ENTRIES_MOST + more; i++) {
			snprintf(name, sizeof name, "%d", i);
			zip_entry(z, 0, name, "x");
		}
		expect_zip(x, more ? "1001 entries" : "1000 entries", z,
			   more ? INSPECT_REFUSED : INSPECT_READ,
			   more ? "more than 1000 entries" : NULL);
	}
}

/* Zeros, deflated by hand with the fixed code: each copy of 258 of them takes 13 bits. */
static size_t deflated_zeros(uint8_t *to, size_t copies)
{
	size_t bit = 0;

#define PUT(value) to[bit / 8] |= (uint8_t)((value) << bit % 8), bit++
	for (const char *head = "11000110000"; *head; head++) /* last block, fixed code, a zero */
		PUT(*head == '1');
	for (size_t i = 0; i < copies; i++)
		for (const char *copy = "1100010100000"; *copy; copy++)
			PUT(*copy == '1');
	bit += 7; /* end of block */
#undef PUT
	return bit / 8 + 1;
}

static void bomb(struct inside *x, const char *name, size_t copies, enum inspect_state state,
		 const char *says)
{
	struct zip *z = zip_new(x);
	uint8_t *packed = talloc_zero_array(z, uint8_t, copies * 2 + 16);
	size_t len = deflated_zeros(packed, copies), unpacked = 1 + copies * 258;

	zip_entry(z, 0, "bomb", "");
	z->bytes[8] = z->directory[10] = 8; /* deflated */
	put32(z->bytes + 18, len);
	put32(z->directory + 20, len);
	put32(z->bytes + 22, unpacked);
	put32(z->directory + 24, unpacked);
	memcpy(z->bytes + z->len, packed, len);
	z->len += len;
	expect_zip(x, name, z, state, says);
}

static void archives(struct inside *x)
{
	struct zip *z = zip_new(x);

	x->media_type = "application/zip";
	expect(x, "nothing", "", 0, INSPECT_BROKEN, NULL);
	expect(x, "two letters", "PK", 2, INSPECT_BROKEN, NULL);
	expect(x, "not an archive", "PK\3\4 and nothing", 15, INSPECT_BROKEN, NULL);
	expect_zip(x, "no entry", z, INSPECT_BROKEN, NULL);
	z = zip_new(x);
	zip_entry(z, 1, "geheim.pdf", "0123456789abcdef");
	expect_zip(x, "encrypted", z, INSPECT_LOCKED, "password");
	z = zip_new(x);
	zip_entry(z, 0, "Police.pdf", "%PDF-1.4");
	zip_entry(z, 1, "geheim.pdf", "0123456789abcdef");
	expect_zip(x, "one of two encrypted", z, INSPECT_LOCKED, "password");
	z = zip_new(x);
	zip_entry(z, 0, "inner.zip", "PK\3\4 an archive in an archive");
	expect_zip(x, "an archive in an archive is an entry", z, INSPECT_READ, "application/zip");
	z = zip_new(x);
	zip_entry(z, 0, "Police.pdf", "a");
	zip_entry(z, 0, "Police.pdf", "b");
	expect_zip(x, "a name twice", z, INSPECT_READ, "twice");
	z = zip_new(x);
	zip_entry(z, 0, "a", "words");
	expect(x, "no directory", z->bytes, z->len, INSPECT_BROKEN, NULL);
	z = zip_new(x);
	zip_entry(z, 0, "a", "words");
	zip_close(z);
	expect(x, "cut in the end of the directory", z->bytes, z->len - 10, INSPECT_BROKEN, NULL);
	names(x);
	counts(x);
	overlapping(x);
	nested(x);
	bomb(x, "a bomb of 25 MB", 100000, INSPECT_REFUSED, "100 times as long");
	expect_changed(x, "another digest", 14, 0xaa, false, INSPECT_BROKEN, NULL);
	expect_changed(x, "an unknown method", 8, 77, false, INSPECT_BROKEN, NULL);
	expect_changed(x, "encrypted by AES", 8, 99, false, INSPECT_BROKEN, NULL);
	expect_changed(x, "longer than the file", 21, 0x7f, false, INSPECT_BROKEN, NULL);
	expect_changed(x, "a place behind the file", 45, 0x7f, true, INSPECT_BROKEN, NULL);
	expect_changed(x, "a name longer than the directory", 29, 0x7f, true, INSPECT_BROKEN, NULL);
}

/* --- PDF --- */

static void expect_pdf(struct inside *x, const char *name, const char *pdf,
		       enum inspect_state state, const char *says)
{
	expect(x, name, pdf, strlen(pdf), state, says);
}

static char *swapped(struct inside *x, const char *from, const char *to)
{
	const char *content = "BT /F1 12 Tf 100 700 Td (Vertrag AS-12 3456789) Tj ET";
	char *pdf = pdf_of(x->mem, content), *at = strstr(pdf, from);

	return talloc_asprintf(x->mem, "%.*s%s%s", (int)(at - pdf), pdf, to, at + strlen(from));
}

static char *repeated(struct inside *x, const char *what, size_t times)
{
	char *text = talloc_size(x->mem, strlen(what) * times + 1), *to = text;

	while (times--)
		to = stpcpy(to, what);
	*to = '\0';
	return text;
}

static void runaways(struct inside *x)
{
	expect_pdf(x, "pages that hold themselves", swapped(x, "/Kids[3 0 R]", "/Kids[2 0 R]"),
		   INSPECT_EMPTY, NULL);
	expect_pdf(x, "two thousand million pages", swapped(x, "/Count 1", "/Count 2000000000"),
		   INSPECT_EMPTY, NULL);
	expect_pdf(x, "a page that draws itself",
		   swapped(x, "/Font<</F1 5 0 R>>", "/Font<</F1 5 0 R>>/XObject<</X 4 0 R>>"),
		   INSPECT_READ, NULL);
	expect_pdf(x, "a length that is its own stream", swapped(x, "/Length 53", "/Length 4 0 R"),
		   INSPECT_READ, NULL);
	expect_pdf(x, "a hundred thousand arrays in arrays",
		   swapped(x, "/MediaBox[0 0 595 842]",
			   talloc_asprintf(x->mem, "/Rotate %s/MediaBox[0 0 595 842]",
					   repeated(x, "[", 100000))),
		   INSPECT_EMPTY, NULL);
	expect_pdf(x, "a paper as wide as the world",
		   swapped(x, "[0 0 595 842]", "[0 0 2147483647 2147483647]"), INSPECT_READ, NULL);
	expect_pdf(x, "two million words",
		   pdf_of(x->mem, repeated(x, "(a b c d e f g h) Tj ", 250000)), INSPECT_EMPTY,
		   NULL);
	expect_pdf(x, "two million words with a font",
		   pdf_of(x->mem, talloc_asprintf(x->mem, "BT /F1 12 Tf %s ET",
						  repeated(x, "(a b c d e f g h ) Tj ", 250000))),
		   INSPECT_READ, NULL); /* most of them beside the paper */
	expect_pdf(x, "five million states saved", pdf_of(x->mem, repeated(x, "q ", 5000000)),
		   INSPECT_BROKEN, "memory");
}

#define XFA_HOSTILE                                                                                \
	"<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"    \
	"<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\"><!ENTITY d \"&c;&c;&c;&c;&c;&c;&c;&c;\">"         \
	"<!ENTITY e \"&d;&d;&d;&d;&d;&d;&d;&d;\"><!ENTITY f \"&e;&e;&e;&e;&e;&e;&e;&e;\">"         \
	"<!ENTITY g SYSTEM \"file:///etc/passwd\">]><x>&f;&f;&f;&f;&g;</x>"

static void forms(struct inside *x)
{
	char *own = xfa_of(x->mem, XFA_FILLED);

	expect_pdf(x, "a form in XFA whose XML grows without end and wants a file",
		   xfa_of(x->mem, XFA_HOSTILE), INSPECT_READ, NULL);
	memcpy(strstr(own, "(datasets)8 0 R"), "(datasets)6 0 R", 15);
	expect_pdf(x, "a form in XFA that holds itself", own, INSPECT_READ, NULL);
}

static void papers(struct inside *x)
{
	x->media_type = "application/pdf";
	expect_pdf(x, "nothing", "", INSPECT_BROKEN, NULL);
	expect_pdf(x, "a head and nothing", "%PDF-1.7\n", INSPECT_BROKEN, NULL);
	expect_pdf(x, "no root", swapped(x, "<</Root 1 0 R>>", "<</Size 1>>"), INSPECT_BROKEN,
		   NULL);
	expect_pdf(x, "encrypted by nobody knows whom",
		   swapped(x, "<</Root 1 0 R>>", "<</Root 1 0 R/Encrypt<</Filter/Nobody/V 9>>>>"),
		   INSPECT_LOCKED, NULL);
	expect_pdf(x, "encrypted, a password is needed", swapped(x, "<</Root 1 0 R>>", PDF_LOCKED),
		   INSPECT_LOCKED, "password");
	expect_pdf(x, "a script that runs when it is opened, and does not",
		   swapped(x, "/Type/Catalog",
			   "/Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>"),
		   INSPECT_READ, NULL);
	expect_pdf(x, "a program to be launched, and is not",
		   swapped(x, "/Type/Catalog", "/Type/Catalog/OpenAction<</S/Launch/F(/bin/sh)>>"),
		   INSPECT_READ, NULL);
	expect_pdf(x, "words in a file elsewhere, not opened",
		   swapped(x, "/Length 53", "/Length 53/F(/etc/passwd)/FFilter/FlateDecode"),
		   INSPECT_READ, NULL);
	expect_pdf(x, "packed by what does not exist",
		   swapped(x, "/Length 53", "/Length 53/Filter/Nonsense"), INSPECT_EMPTY, NULL);
	forms(x);
	runaways(x);
}

int inside_documents(int *zip_cases, int *pdf_cases, struct inside_most *most)
{
	struct inside x = { .mem = talloc_new(NULL), .most = most };

	archives(&x);
	*zip_cases = x.cases;
	papers(&x);
	*pdf_cases = x.cases - *zip_cases;
	talloc_free(x.mem);
	return x.wrong;
}
