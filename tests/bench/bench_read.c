/*
 * bench_read.c -- one worker that reads answers from a server as the product does: http, spool, reading, sink.
 *
 *   bench_read [--no-spool] [--cage] [--store FOLDER] [--memory] BASE CA SECONDS LIST SPOOL_FOLDER
 *
 * LIST has lines "PATH SHA256". Reads them in turn for so many seconds, one connection, after one read each to warm up.
 * Prints "READ SECONDS WRONG PROCESSOR-SECONDS": answers read, seconds they took, documents whose digest is not the one of
 * the list, and how much of the time a processor worked for it.
 *   --cage     answers are read in the cage, which works beside this process
 *   --store    documents go to a document store as the worker's do (durable); else they are hashed and forgotten
 *   --memory   print instead the most private memory (RssAnon, kB) seen while answers came
 */
#include <getopt.h>
#include <openssl/evp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/text.h"
#include "ingest/http.h"
#include "ingest/reading.h"
#include "ingest/spool.h"
#include "store/blob.h"

#define ENTRIES_MOST 64

struct entry {
	char path[64], sha256[SHA256_TEXT_SIZE];
};

struct bench {
	const char *base;
	struct http *http;
	struct cage *cage;   /* NULL: none */
	struct spool *spool; /* NULL: not kept */
	struct document_sink *sink;
	struct entry entries[ENTRIES_MOST];
	size_t entry_count;
	bool watches_memory;
	long memory_kb; /* the most */
};

/* ---- a sink that only hashes ---- */

struct hasher {
	EVP_MD_CTX *sha256;
	uint64_t size;
};

static bool hasher_open(void *self, struct err *e)
{
	struct hasher *h = self;

	h->size = 0;
	return EVP_DigestInit_ex(h->sha256, EVP_sha256(), NULL) ||
	       err_set(e, ERR_BUG, "no SHA-256");
}

static bool hasher_write(void *self, const void *bytes, size_t len, struct err *e)
{
	struct hasher *h = self;

	h->size += len;
	return EVP_DigestUpdate(h->sha256, bytes, len) || err_set(e, ERR_BUG, "no SHA-256");
}

static bool hasher_close(void *self, uint64_t *size, char sha256[SHA256_TEXT_SIZE], struct err *e)
{
	struct hasher *h = self;
	unsigned char digest[EVP_MAX_MD_SIZE];

	if (!EVP_DigestFinal_ex(h->sha256, digest, NULL))
		return err_set(e, ERR_BUG, "no SHA-256");
	*size = h->size;
	text_hex(sha256, digest, 32);
	return true;
}

static void hasher_abandon(void *self)
{
	(void)self;
}

/* ---- one answer ---- */

struct taking {
	struct bench *bench;
	struct reading *reading;
	TALLOC_CTX *mem;
};

/* The canned answers bring no Pruefsumme that would ask for it; without any, checksums are computed for whoever might ask. */
static const int nothing_kept = -1;

static bool take_head(void *self, int status, const char *content_type, struct err *e)
{
	struct taking *t = self;
	const struct reading_task task = {
		.content_type = content_type,
		.limits = { .answer_bytes_most = 1 << 30, .list_most = 1 },
		.sink = t->bench->sink,
		.kept_fd = t->bench->spool ? spool_view(t->bench->spool) : &nothing_kept
	};

	if (status != 200)
		return err_set(e, ERR_SETUP, "status %d", status);
	t->reading = reading_begin(t->bench->cage, &task, t->mem);
	return true;
}

static void memory_look(struct bench *bench)
{
	FILE *file = fopen("/proc/self/status", "re");
	char line[128];
	long kb;

	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, "RssAnon: %ld", &kb) == 1 && kb > bench->memory_kb)
			bench->memory_kb = kb;
	if (file)
		fclose(file);
}

static bool take_bytes(void *self, const void *bytes, size_t len, struct err *e)
{
	struct taking *t = self;
	bool ok = (!t->bench->spool || spool_write(t->bench->spool, bytes, len, e)) &&
		  reading_feed(t->reading, bytes, len, e);

	if (t->bench->watches_memory)
		memory_look(t->bench);
	return ok;
}

static bool answer_read(struct bench *bench, const struct entry *entry, bool *right,
			TALLOC_CTX *mem, struct err *e)
{
	static const char body[] =
		"<s:Envelope xmlns:s=\"http://schemas.xmlsoap.org/soap/envelope/\"><s:Body/></s:Envelope>";
	struct taking t = { .bench = bench, .mem = mem };
	const struct http_taker taker = { &t, take_head, take_bytes };
	const struct http_request request = { .url = talloc_asprintf(mem, "%s%s", bench->base,
								     entry->path),
					      .action = "urn:getShipment",
					      .body = body,
					      .len = sizeof body - 1,
					      .timeout_s = 60,
					      .answer_bytes_most = 1 << 30 };
	struct http_result result;
	struct answer *answer;

	if (bench->spool)
		spool_rewind(bench->spool);
	if (!http_post(&result, bench->http, &request, &taker, e) ||
	    !reading_end(t.reading, &answer, e))
		return false;
	*right = answer->delivery && answer->delivery->transfer_count == 1 &&
		 answer->delivery->transfers[0].document_count == 1 &&
		 text_equal(answer->delivery->transfers[0].documents[0].sha256, entry->sha256);
	return true;
}

/* ---- the run ---- */

static bool list_read(struct bench *bench, const char *path, struct err *e)
{
	FILE *file = fopen(path, "re");

	if (!file)
		return err_set(e, ERR_USAGE, "%s: %m", path);
	while (bench->entry_count < ENTRIES_MOST) {
		struct entry *entry = &bench->entries[bench->entry_count];

		if (fscanf(file, "%63s %64s", entry->path, entry->sha256) != 2)
			break;
		bench->entry_count++;
	}
	fclose(file);
	return bench->entry_count || err_set(e, ERR_USAGE, "%s names no answer", path);
}

static bool run(struct bench *bench, double seconds, struct err *e)
{
	int64_t began = 0, now = 0;
	clock_t worked = 0;
	int read = 0, wrong = 0;

	for (size_t i = 0;; i++) {
		TALLOC_CTX *mem = talloc_new(NULL);
		bool right, ok = answer_read(bench, &bench->entries[i % bench->entry_count], &right,
					     mem, e);

		talloc_free(mem);
		if (!ok)
			return false;
		now = clock_monotonic_ms();
		wrong += !right;
		if (i + 1 == bench->entry_count) {
			began = now;
			worked = clock();
		}
		read += began && i >= bench->entry_count;
		if (began && (double)(now - began) >= seconds * 1000)
			break;
	}
	if (bench->watches_memory)
		printf("%ld %d\n", bench->memory_kb, wrong);
	else
		printf("%d %.3f %d %.3f\n", read, (double)(now - began) / 1000, wrong,
		       (double)(clock() - worked) / CLOCKS_PER_SEC);
	return true;
}

static bool sink_make(struct bench *bench, const char *store, TALLOC_CTX *mem, struct err *e)
{
	struct hasher *hasher = talloc_zero(mem, struct hasher);
	struct blob_store *blobs;

	if (store) {
		blobs = blob_store_open(store, mem, e);
		bench->sink = blobs ? blob_sink(blobs) : NULL;
		return blobs != NULL;
	}
	hasher->sha256 = EVP_MD_CTX_new();
	bench->sink = talloc_zero(mem, struct document_sink);
	*bench->sink = (struct document_sink){ hasher, hasher_open, hasher_write, hasher_close,
					       hasher_abandon };
	return true;
}

int main(int argc, char **argv)
{
	static const struct option options[] = { { "no-spool", no_argument, NULL, 'n' },
						 { "cage", no_argument, NULL, 'c' },
						 { "store", required_argument, NULL, 's' },
						 { "memory", no_argument, NULL, 'm' },
						 { 0 } };
	TALLOC_CTX *mem = talloc_new(NULL);
	struct bench *bench = talloc_zero(mem, struct bench);
	const char *store = NULL;
	bool spooled = true, ok;
	struct err e = { 0 };
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		spooled &= option != 'n';
		bench->watches_memory |= option == 'm';
		if (option == 'c' && !bench->cage)
			bench->cage = cage_new(mem);
		if (option == 's')
			store = optarg;
	}
	if (argc - optind != 5) {
		fputs("usage: bench_read [--no-spool] [--cage] [--store FOLDER] [--memory] BASE CA SECONDS LIST SPOOL_FOLDER\n",
		      stderr);
		return 64;
	}
	argv += optind;
	bench->base = argv[0];
	ok = (bench->http =
		      http_new(&(struct http_settings){ .ca_file = argv[1], .allow_plain = true },
			       mem, &e)) &&
	     (!spooled || (bench->spool = spool_open(argv[4], mem, &e))) &&
	     sink_make(bench, store, mem, &e) && list_read(bench, argv[3], &e) &&
	     run(bench, strtod(argv[2], NULL), &e);
	if (!ok)
		fprintf(stderr, "bench_read: %s\n", e.text);
	talloc_free(mem);
	return ok ? 0 : err_exit_code(&e);
}
