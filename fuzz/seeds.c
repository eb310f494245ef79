/*
 * seeds.c -- writes the first corpora: fuzz_seeds FOLDER (fuzz/corpus), and FOLDER/../signer.inc. By hand, when a format is new:
 * the signer is another one at each run, so that the older signed messages are no longer his.
 *
 * Messages come from the table of ./run test hostile, a few of each kind.
 */
#include "tests/hostile/plain_check.h"

#include <sys/stat.h>

#include "fuzz/fuzz.h"
#include "tests/hostile/compose.h"
#include "tests/hostile/hostile.h"
#include "tests/ingest/documents_made.h"
#include "tests/ingest/read_helpers.h"
#include "tests/matcher/stock_world.h"

#define EACH_MOST  8    /* seeds of a kind for a fuzzer */
#define BYTES_MOST 2500 /* of one */

static const char *folder;

static void seed(const char *fuzzer, const char *name, const void *bytes, size_t len)
{
	char path[4096], slug[64];
	FILE *file;

	snprintf(slug, sizeof slug, "%s", name);
	for (char *at = slug; *at; at++) {
		*at |= 0x20;
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789", *at))
			*at = '-';
	}
	snprintf(path, sizeof path, "%s/%s", folder, fuzzer);
	mkdir(path, 0777);
	snprintf(path, sizeof path, "%s/%s/%s", folder, fuzzer, slug);
	file = fopen(path, "wb");
	must(file && fwrite(bytes, 1, len, file) == len && fclose(file) == 0);
}

static void seed_behind(const char *fuzzer, const char *name, const char *front, const void *bytes,
			size_t len)
{
	struct fuzz_text text = { 0 };

	fuzz_put(&text, front, strlen(front));
	fuzz_put(&text, bytes, len);
	seed(fuzzer, name, text.bytes, text.len);
	free(text.bytes);
}

/* --- messages --- */

struct hostile_case *hostile_add(struct hostile_list *list, enum hostile_class class,
				 const char *name, const char *text, enum refusal refusal)
{
	struct hostile_case *c;

	list->cases = talloc_realloc(NULL, list->cases, struct hostile_case, list->count + 1);
	c = &list->cases[list->count++];
	*c = (struct hostile_case){ .class = class, .name = name, .refusal = refusal };
	c->bytes = text;
	c->len = strlen(text);
	return c;
}

static bool in_parts(const struct hostile_case *c)
{
	return c->type && strncasecmp(c->type, "multipart/", 10) == 0;
}

/* Which fuzzers a message is for. */
static void message(const struct hostile_case *c)
{
	if (c->http) {
		seed("http", c->name, c->bytes, c->len);
	} else if (in_parts(c)) {
		char *line = talloc_asprintf(NULL, "%s\n", c->type);

		seed_behind("multipart", c->name, line, c->bytes, c->len);
		seed("xop", c->name, c->bytes, c->len);
		talloc_free(line);
	} else {
		seed_behind("xml", c->name, "\n", c->bytes, c->len);
		seed("reader", c->name, c->bytes, c->len);
	}
}

static void messages(TALLOC_CTX *mem)
{
	struct hostile_list list = { 0 };
	int taken[CLASS_COUNT][3] = { 0 };

	cases_control(&list, mem);
	cases_message(&list, mem);
	cases_mime(&list, mem);
	cases_http(&list, mem);
	for (size_t i = 0; i < list.count; i++) {
		const struct hostile_case *c = &list.cases[i];

		if (c->len && c->len < BYTES_MOST &&
		    taken[c->class][c->http ? 2 : in_parts(c)]++ < EACH_MOST)
			message(c);
	}
	talloc_free(list.cases);
}

/* --- signatures: all over the same Body --- */

static void signer(TALLOC_CTX *mem)
{
	char *path = talloc_asprintf(mem, "%s/../signer.inc", folder), *text, *line;
	FILE *file = fopen(path, "w");

	must(file);
	text = talloc_strdup(mem, trust_texts(trust_pinned(mem)).certificates);
	fputs("/* Made by fuzz/seeds.c: who signed fuzz/corpus/signature. */\n", file);
	while ((line = strsep(&text, "\n")) && *line)
		fprintf(file, "\"%s\\n\"\n", line);
	fclose(file);
}

static void signatures(TALLOC_CTX *mem)
{
	static const char *const plans[] = { "<soap:Header>%S</soap:Header>%e",
					     "<soap:Header>%S</soap:Header>%B%E",
					     "<soap:Header>%S%B</soap:Header>%n" };
	struct sample s, old;

	make_cast();
	signer(mem);
	s = sign(&(struct recipe){ 0 }, mem);
	old = sign(&(struct recipe){ .created = "2026-03-01T05:59:58Z",
				     .expires = "2026-03-01T06:04:58Z" },
		   mem);
	seed("signature", "good", s.text, strlen(s.text));
	seed("signature", "old", old.text, strlen(old.text));
	for (size_t i = 0; i < sizeof plans / sizeof *plans; i++) {
		char *name = talloc_asprintf(mem, "wrapped-%zu", i), *text;

		text = composed(plans[i], &s, mem);
		seed("signature", name, text, strlen(text));
	}
	s.text = mtom_of(&s, XOP_INCLUDE("pdf@vu"), XOP_PART("pdf@vu", DOCUMENT), mem);
	seed("signature", "in-parts", s.text, strlen(s.text));
	free_cast();
}

/* --- documents, stock, numbers --- */

static void archives(TALLOC_CTX *mem)
{
	static const char *const names[] = { "Police.pdf", "a/b.txt", "../up.txt", "/root" };
	struct zip *z = talloc_zero(mem, struct zip);

	zip_close(z);
	seed("zip", "empty", z->bytes, z->len);
	memset(z, 0, sizeof *z);
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		zip_entry(z, 0, names[i], i ? "words" : "%PDF-1.4");
	zip_close(z);
	seed("zip", "four-entries", z->bytes, z->len);
	seed("zip", "cut", z->bytes, z->len / 2);
	memset(z, 0, sizeof *z);
	zip_entry(z, 1, "locked.txt", "words");
	zip_close(z);
	seed("zip", "locked", z->bytes, z->len);
	memset(z, 0, sizeof *z);
	zip_entry(z, 8, "size-comes-later.txt", "words");
	zip_close(z);
	seed("zip", "size-comes-later", z->bytes, z->len);
}

static void stock(void)
{
	static const struct {
		const char *name, *line_end, *surname;
	} deliveries[] = {
		{ "lf", "\n", "Muster" },           { "cr-lf-latin1", "\r\n", "M\xfcller" },
		{ "cr-cp850", "\r", "M\x81ller" },  { "no-line-end-din66003", "", "M}ller" },
		{ "utf-8", "\n", "M\xc3\xbcller" },
	};
	static const char csv[] =
		"contract_id,vu,number,printed_number,other_numbers,line,start,end,cancelled,"
		"name,first_name,birth_date,postcode,plate,broker_number\n"
		"K-1,5438,AS1234567890,AS-1234567890,4711|4712,050,2004-05-01,,no,Muster,Max,"
		"1970-02-01,44139,DO-AB 12,\"4711\"\n";
	struct pen pen;

	for (size_t i = 0; i < sizeof deliveries / sizeof *deliveries; i++) {
		pen_start(&pen, deliveries[i].line_end);
		pen_head(&pen, "5438 ");
		pen_person(&pen, "5438 ", "050", "4711", deliveries[i].surname, "Max", "01021970");
		pen_policy(&pen, "5438 ", "050", "4711");
		pen_stock(&pen, "0200", "2", "5438 ", "050", "4711");
		pen_stock(&pen, "0210", "1", "5438 ", "050", "4711");
		pen_tail(&pen, 1);
		seed("gdv", deliveries[i].name, pen.bytes, pen.used);
		talloc_free(pen.bytes);
	}
	pen_start(&pen, "\n");
	pen_head(&pen, "5438 ");
	pen_bytes(&pen, "0200too short\n", 14);
	pen_tail(&pen, 3);
	seed("gdv", "short-and-false-sums", pen.bytes, pen.used);
	talloc_free(pen.bytes);
	seed("gdv", "csv", csv, sizeof csv - 1);
}

static void pictures(void)
{
	static const char *const texts[] = {
		"[AS-]##########\n\nAS-1234567890\n1234567890\nas 12 345 678 90\n12",
		"{VSE/}###.###.###{/##}\n\nVSE/123.456.789/01\n123456789\n123.456.789",
		"###/######-@-##\n\n123/456789-K-01\n123456789K01\nVSNR 123/456789 k 01",
		"#-@@-##.###.###-#\n\n1-AB-12.345.678-9\n1ab123456789",
		"##.###.###\n70 ##.###.###\n12.345.678\n345678\n00345678",
		"[1]##{-#}\n\n1 23\n123-4\n23-4\n1234",
		"[[]##\n\n1",
	};

	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char name[] = "picture-0";

		name[8] = (char)('0' + i);
		seed("picture", name, texts[i], strlen(texts[i]));
	}
}

int main(int argc, char **argv)
{
	TALLOC_CTX *mem = talloc_new(NULL);

	must(argc == 2);
	folder = argv[1];
	messages(mem);
	signatures(mem);
	archives(mem);
	stock();
	pictures();
	talloc_free(mem);
	return EXIT_SUCCESS;
}
