/* An answer that is kept in a file, read from there in the cage; documents that come back by their place; and an insurer who is slow. */
#include "base/cage.h"
#include "tests/ingest/reading_scene.h"

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

/* The good answer, of which this file should hold every byte. */
static struct read_result read_good_from(int fd, TALLOC_CTX *mem)
{
	const struct reading_task task = { .limits = { 1u << 30, 10 },
					   .sink = kept_sink(mem),
					   .kept_fd = &fd };
	struct reading *reading = reading_begin(cage, &task, mem);
	struct read_result r = { 0 };

	r.ok = reading_feed(reading, good, strlen(good), &r.e) &&
	       reading_end(reading, &r.answer, &r.e);
	return r;
}

/* A process sees the file that it was given and no other one. */
START_TEST(another_file_another_process)
{
	TALLOC_CTX *mem = talloc_new(NULL);
	int other = memfd_create("other", MFD_CLOEXEC);
	struct read_result r;
	pid_t first;

	ck_assert(read_caged(good, strlen(good), &(struct way){ .kept = true }, mem).ok);
	first = reader_pid();
	still_reads(); /* what comes by the wire needs no file */
	ck_assert_int_eq(reader_pid(), first);
	ck_assert_int_eq(write(other, good, strlen(good)), (ssize_t)strlen(good));
	r = read_good_from(other, mem);
	ck_assert_msg(r.ok, "%s", r.e.text);
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
	struct read_result r = read_good_from(empty, mem);

	ck_assert(!r.ok);
	ck_assert_int_eq(r.e.kind, ERR_RETRY);
	ck_assert_ptr_nonnull(strstr(r.e.text, "shorter than it was"));
	close(empty);
	talloc_free(mem);
	still_reads();
}
END_TEST

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

int main(void)
{
	TCase *tests = tcase_create("kept");

	tcase_set_timeout(tests, 120); /* one is slow for longer than a reader may be silent */
	tcase_add_checked_fixture(tests, open_cage, close_cage);
	tcase_add_test(tests, long_documents);
	tcase_add_test(tests, documents_by_their_place);
	tcase_add_test(tests, a_byte_order_mark_moves_nothing);
	tcase_add_test(tests, another_file_another_process);
	tcase_add_test(tests, a_file_that_is_too_short);
	tcase_add_test(tests, a_slow_insurer_is_no_silent_reader);
	return run_suite("reading kept", tests);
}
