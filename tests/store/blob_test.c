#include "store/blob.h"

#include <check.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <openssl/evp.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utime.h>

#include "base/text.h"
#include "place.h"

static char place[] = "/tmp/vorpost-test-XXXXXX";
static char folder[64];
static struct blob_store *store;
static struct document_sink *sink;
static struct err e;

static void make_store(void)
{
	snprintf(place, sizeof place, "/tmp/vorpost-test-XXXXXX");
	place_make(place);
	snprintf(folder, sizeof folder, "%s/a/documents", place);
	e = (struct err){ 0 };
	store = blob_store_open(folder, NULL, &e);
	ck_assert_msg(store != NULL, "%s", e.text);
	sink = blob_sink(store);
}

static void remove_store(void)
{
	talloc_free(store);
	place_remove(place);
}

static void digest_of(char sha256[SHA256_TEXT_SIZE], const void *bytes, size_t len)
{
	unsigned char digest[EVP_MAX_MD_SIZE];

	EVP_Digest(bytes, len, digest, NULL, EVP_sha256(), NULL);
	text_hex(sha256, digest, 32);
}

static char *pattern(size_t len)
{
	char *bytes = malloc(len + 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)(i * 31 + i / 251);
	return bytes;
}

/* Files in FOLDER/incoming, or with name in the whole store. */
static int incoming_count(void)
{
	char path[96];
	struct dirent *entry;
	int count = 0;
	DIR *dir;

	snprintf(path, sizeof path, "%s/incoming", folder);
	dir = opendir(path);
	ck_assert_ptr_nonnull(dir);
	while ((entry = readdir(dir)))
		count += entry->d_name[0] != '.';
	closedir(dir);
	return count;
}

static int files;

static int count_one(const char *path, const struct stat *st, int kind, struct FTW *where)
{
	(void)path;
	(void)st;
	(void)where;
	files += kind == FTW_F;
	return 0;
}

static int file_count(void)
{
	files = 0;
	nftw(folder, count_one, 16, FTW_PHYS);
	return files;
}

static void check_stored(const char *sha256, const char *bytes, size_t len)
{
	char path[192];
	char *got = malloc(len + 1);
	struct stat st;
	int fd = blob_open(store, sha256, &e);

	ck_assert_msg(fd >= 0, "%s", e.text);
	ck_assert_int_eq(fstat(fd, &st), 0);
	ck_assert_int_eq(st.st_mode & 07777, 0440);
	ck_assert_uint_eq((size_t)st.st_size, len);
	ck_assert_int_eq(pread(fd, got, len + 1, 0), (ssize_t)len);
	ck_assert_int_eq(memcmp(got, bytes, len), 0);
	close(fd);
	free(got);
	snprintf(path, sizeof path, "%s/%.2s/%s", folder, sha256, sha256);
	ck_assert_int_eq(access(path, F_OK), 0);
}

static void put(const char *bytes, size_t len, size_t piece)
{
	char sha256[SHA256_TEXT_SIZE], want[SHA256_TEXT_SIZE];
	uint64_t size = 1;

	ck_assert(sink->open(sink->self, &e));
	for (size_t at = 0; at < len; at += piece)
		ck_assert(sink->write(sink->self, bytes + at, len - at < piece ? len - at : piece,
				      &e));
	ck_assert_msg(sink->close(sink->self, &size, sha256, &e), "%s", e.text);
	ck_assert_uint_eq(size, len);
	digest_of(want, bytes, len);
	ck_assert_str_eq(sha256, want);
	check_stored(sha256, bytes, len);
}

/* Around the buffer's size, in pieces smaller, equal and larger than it. */
START_TEST(every_size_and_piece)
{
	static const size_t sizes[] = { 0,     1,     50000,  65535,  65536,
					65537, 65538, 131072, 131073, 1000000 };
	static const size_t pieces[] = { 1, 4096, 65535, 65536, 65537, 1000000 };

	for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
		char *bytes = pattern(sizes[i]);

		for (size_t j = sizes[i] > 200000; j < sizeof pieces / sizeof pieces[0]; j++)
			put(bytes, sizes[i], pieces[j]);
		free(bytes);
	}
	ck_assert_int_eq(incoming_count(), 0);
	ck_assert_int_eq(file_count(), 10);
}
END_TEST

START_TEST(same_bytes_are_one_file)
{
	char sha256[SHA256_TEXT_SIZE];
	struct stat first, second;
	int fd;

	put("policy", 6, 6);
	digest_of(sha256, "policy", 6);
	fd = blob_open(store, sha256, &e);
	fstat(fd, &first);
	close(fd);
	put("policy", 6, 1);
	fd = blob_open(store, sha256, &e);
	fstat(fd, &second);
	close(fd);
	ck_assert_uint_eq(first.st_ino, second.st_ino);
	ck_assert_int_eq(file_count(), 1);
}
END_TEST

/* What a broken disk left with the wrong size is not taken for the document. */
START_TEST(torn_file_is_replaced)
{
	char sha256[SHA256_TEXT_SIZE], path[192];

	put("invoice", 7, 7);
	digest_of(sha256, "invoice", 7);
	snprintf(path, sizeof path, "%s/%.2s/%s", folder, sha256, sha256);
	ck_assert_int_eq(chmod(path, 0640), 0);
	ck_assert_int_eq(truncate(path, 3), 0);
	put("invoice", 7, 7);
}
END_TEST

START_TEST(abandon_leaves_nothing)
{
	sink->abandon(sink->self); /* nothing open */
	ck_assert(sink->open(sink->self, &e));
	ck_assert(sink->write(sink->self, "x", 1, &e));
	ck_assert_int_eq(incoming_count(), 1);
	sink->abandon(sink->self);
	sink->abandon(sink->self);
	ck_assert_int_eq(file_count(), 0);
	put("next", 4, 4);
}
END_TEST

START_TEST(freed_store_leaves_nothing)
{
	ck_assert(sink->open(sink->self, &e));
	talloc_free(store);
	store = NULL;
	ck_assert_int_eq(file_count(), 0);
}
END_TEST

START_TEST(wrong_order_is_a_bug)
{
	char sha256[SHA256_TEXT_SIZE];
	uint64_t size;

	ck_assert(!sink->write(sink->self, "x", 1, &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	err_clear(&e);
	ck_assert(!sink->close(sink->self, &size, sha256, &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	err_clear(&e);
	ck_assert(sink->open(sink->self, &e));
	ck_assert(!sink->open(sink->self, &e));
	ck_assert_int_eq(e.kind, ERR_BUG);
	sink->abandon(sink->self);
}
END_TEST

static void limit_files(rlim_t most)
{
	struct rlimit limit = { most, most };

	signal(SIGXFSZ, SIG_IGN);
	ck_assert_int_eq(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

/* The limit makes the first write short and the next one fail, as a full disk does. */
START_TEST(full_disk_while_writing)
{
	char sha256[SHA256_TEXT_SIZE];
	char *bytes = pattern(300000);
	uint64_t size;
	bool ok = true;

	limit_files(100000);
	ck_assert(sink->open(sink->self, &e));
	for (int i = 0; ok && i < 30; i++)
		ok = sink->write(sink->self, bytes + i * 10000, 10000, &e);
	ck_assert(!ok);
	ck_assert_int_eq(e.kind, ERR_RETRY);
	/* who closes all the same gets no document with a hole */
	err_clear(&e);
	ck_assert(!sink->close(sink->self, &size, sha256, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	ck_assert_int_eq(file_count(), 0);
	put(bytes, 100000, 100000);
	free(bytes);
}
END_TEST

START_TEST(full_disk_while_closing)
{
	char sha256[SHA256_TEXT_SIZE];
	char *bytes = pattern(50000);
	uint64_t size;

	limit_files(40000);
	ck_assert(sink->open(sink->self, &e));
	ck_assert(sink->write(sink->self, bytes, 50000, &e));
	ck_assert(!sink->close(sink->self, &size, sha256, &e));
	ck_assert_int_eq(e.kind, ERR_RETRY);
	ck_assert_int_eq(file_count(), 0);
	free(bytes);
}
END_TEST

START_TEST(old_parts_are_swept_young_ones_stay)
{
	char path[128];
	struct utimbuf old = { time(NULL) - 3700, time(NULL) - 3700 };

	ck_assert(sink->open(sink->self, &e)); /* young: somebody is writing it */
	snprintf(path, sizeof path, "%s/incoming/left", folder);
	close(open(path, O_CREAT | O_WRONLY, 0440));
	ck_assert_int_eq(utime(path, &old), 0);
	ck_assert_int_eq(incoming_count(), 2);
	talloc_free(blob_store_open(folder, NULL, &e));
	ck_assert_int_eq(incoming_count(), 1);
	ck_assert_int_eq(access(path, F_OK), -1);
}
END_TEST

START_TEST(two_writers_of_the_same_bytes)
{
	struct blob_store *other = blob_store_open(folder, NULL, &e);
	struct document_sink *second = blob_sink(other);
	char one[SHA256_TEXT_SIZE], two[SHA256_TEXT_SIZE];
	uint64_t size;

	ck_assert(sink->open(sink->self, &e));
	ck_assert(second->open(second->self, &e));
	ck_assert(sink->write(sink->self, "same", 4, &e));
	ck_assert(second->write(second->self, "same", 4, &e));
	ck_assert(sink->close(sink->self, &size, one, &e));
	ck_assert(second->close(second->self, &size, two, &e));
	ck_assert_str_eq(one, two);
	ck_assert_int_eq(file_count(), 1);
	check_stored(one, "same", 4);
	talloc_free(other);
}
END_TEST

START_TEST(many_processes_write_the_same)
{
	int status;

	for (int i = 0; i < 4; i++) {
		if (fork() == 0) {
			char bytes[16], sha256[SHA256_TEXT_SIZE];
			struct document_sink *own = blob_sink(blob_store_open(folder, NULL, &e));
			uint64_t size;
			bool ok = true;

			for (int j = 0; ok && j < 100; j++) {
				int len = snprintf(bytes, sizeof bytes, "%d", j);

				ok = own->open(own->self, &e) &&
				     own->write(own->self, bytes, (size_t)len, &e) &&
				     own->close(own->self, &size, sha256, &e);
			}
			_exit(ok ? 0 : 1);
		}
	}
	for (int i = 0; i < 4; i++) {
		ck_assert(wait(&status) > 0);
		ck_assert_int_eq(status, 0);
	}
	ck_assert_int_eq(file_count(), 100);
	ck_assert_int_eq(incoming_count(), 0);
}
END_TEST

START_TEST(answer_is_kept_from_offset_zero)
{
	char *bytes = pattern(200000);
	char sha256[SHA256_TEXT_SIZE], want[SHA256_TEXT_SIZE];
	int fd = open(place, O_TMPFILE | O_RDWR, 0600);

	if (fd < 0)
		fd = fileno(tmpfile());
	ck_assert_int_eq(write(fd, bytes, 200000), 200000); /* the offset stands at the end */
	ck_assert_msg(blob_keep(store, fd, 150000, sha256, &e), "%s", e.text);
	digest_of(want, bytes, 150000);
	ck_assert_str_eq(sha256, want);
	check_stored(sha256, bytes, 150000);
	ck_assert(!blob_keep(store, fd, 200001, sha256, &e)); /* shorter than told */
	ck_assert_int_eq(incoming_count(), 0);
	close(fd);
	free(bytes);
}
END_TEST

START_TEST(only_a_digest_becomes_a_path)
{
	static const char *const names[] = {
		"",
		"../../../../etc/passwd",
		"incoming",
		"aa/../../../../../../../../../../../../../../../../../../etc/passwd",
		"E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b85",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b8555",
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
	};

	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
		err_clear(&e);
		ck_assert_int_eq(blob_open(store, names[i], &e), -1);
		ck_assert_int_eq(e.kind, ERR_MISSING);
	}
}
END_TEST

START_TEST(folder_that_cannot_be)
{
	char path[96];

	ck_assert_ptr_null(blob_store_open("/proc/documents", NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	err_clear(&e);
	snprintf(path, sizeof path, "%s/file", place);
	close(open(path, O_CREAT | O_WRONLY, 0600));
	ck_assert_ptr_null(blob_store_open(path, NULL, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	ck_assert_ptr_nonnull(strstr(e.text, path));
}
END_TEST

#ifdef VORPOST_CRASH_POINTS
/* Killed at each point: the name is there whole or not at all, and a second try always succeeds. */
START_TEST(killed_at_each_point)
{
	static const char *const points[] = { "blob.created", "blob.written", "blob.synced",
					      "blob.renamed", "blob.done" };
	char armed[96], sha256[SHA256_TEXT_SIZE];
	char *bytes = pattern(100000);
	int status;
	FILE *file;

	snprintf(armed, sizeof armed, "%s/armed", place);
	setenv("VORPOST_CRASH_FILE", armed, 1);
	digest_of(sha256, bytes, 100000);
	file = fopen(armed, "we");
	fprintf(file, "%s 1\n", points[_i]);
	fclose(file);
	if (fork() == 0) {
		put(bytes, 100000, 4096);
		_exit(0);
	}
	ck_assert(wait(&status) > 0);
	ck_assert_msg(WIFSIGNALED(status), "%s was not passed", points[_i]);
	if (_i >= 3)
		check_stored(sha256, bytes, 100000);
	else
		ck_assert_int_eq(blob_open(store, sha256, &e), -1);
	put(bytes, 100000, 4096);
	free(bytes);
}
END_TEST
#endif

int main(void)
{
	Suite *suite = suite_create("blob");
	TCase *tcase = tcase_create("blob");
	SRunner *runner;
	int failed;

	tcase_set_timeout(tcase, 60);
	tcase_add_checked_fixture(tcase, make_store, remove_store);
	tcase_add_test(tcase, full_disk_while_writing);
	tcase_add_test(tcase, full_disk_while_closing);
	tcase_add_test(tcase, torn_file_is_replaced);
	tcase_add_test(tcase, only_a_digest_becomes_a_path);
	tcase_add_test(tcase, wrong_order_is_a_bug);
	tcase_add_test(tcase, folder_that_cannot_be);
	tcase_add_test(tcase, abandon_leaves_nothing);
	tcase_add_test(tcase, freed_store_leaves_nothing);
	tcase_add_test(tcase, old_parts_are_swept_young_ones_stay);
	tcase_add_test(tcase, every_size_and_piece);
	tcase_add_test(tcase, same_bytes_are_one_file);
	tcase_add_test(tcase, two_writers_of_the_same_bytes);
	tcase_add_test(tcase, many_processes_write_the_same);
	tcase_add_test(tcase, answer_is_kept_from_offset_zero);
#ifdef VORPOST_CRASH_POINTS
	tcase_add_loop_test(tcase, killed_at_each_point, 0, 5);
#endif
	suite_add_tcase(suite, tcase);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? 1 : 0;
}
