/* upload_test.c -- files of the stock over HTTP: what is cut off, too large or of another kind leaves nothing behind. */
#include <dirent.h>
#include <sys/stat.h>

#include "clerk.h"

#define IMPORT        "/api/v1/contracts/import"
#define BYTES_READ_ON (1024 * 1024)     /* of a refused body; of much more the connection is cut */
#define LARGE         (6 * 1024 * 1024) /* more than is held in memory */
#define TYPE          "Content-Type: application/octet-stream\r\n"

static char *sender;

static void office_open(void)
{
	static const struct route_table *const tables[] = { &route_imports, NULL };
	struct api_limits patient = API_LIMITS; /* who left is noticed, and not just waited for */
	char *folder;

	patient.head_ms = patient.body_ms = 3600 * 1000;
	clerk_open();
	desk_stop(&desk);
	folder = talloc_asprintf(house.mem, "%s/uploads-%d", house.place,
				 (int)getpid()); /* each case is a process */
	mkdir(folder, 0700);
	clerk_review.uploads = folder;
	clerk_review.place = "here";
	desk = (struct desk){ .tables = tables, .review = &clerk_review, .uploads = folder };
	desk_open_as(&desk, "demo", patient);
	sender = token_of("demo", "sender", "stock", NULL);
}

static int files(void)
{
	DIR *folder = opendir(clerk_review.uploads);
	int count = 0;

	for (const struct dirent *entry; (entry = readdir(folder));)
		count += entry->d_name[0] != '.';
	closedir(folder);
	return count;
}

/* The server noticed the end of all connections. */
static void all_gone(void)
{
	while (server_connections(desk.server))
		usleep(10000);
}

static void nothing_is_left(void)
{
	all_gone();
	ck_assert_int_eq(files(), 0);
	ck_assert_str_eq(ask("select count(*) from stock_job"), "0");
}

static int begin(const char *heads)
{
	int fd = client_open();

	client_say(fd,
		   "POST " IMPORT
		   " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%s\r\n",
		   sender, heads);
	return fd;
}

static char *bytes_made(size_t len)
{
	char *bytes = talloc_array(house.mem, char, len + 1);

	for (size_t i = 0; i < len; i++)
		bytes[i] = (char)('a' + i % 26);
	bytes[len] = '\0';
	return bytes;
}

static int begin_of(size_t len)
{
	return begin(talloc_asprintf(house.mem, TYPE "Content-Length: %zu\r\n", len));
}

START_TEST(a_whole_file_is_kept_as_it_came)
{
	char *bytes = bytes_made(LARGE), *kept = talloc_array(house.mem, char, LARGE);
	struct got got;
	FILE *file;
	int fd = begin_of(LARGE);

	client_send(fd, bytes, LARGE);
	got = client_read(fd);
	close(fd);
	ck_assert_msg(got.status == 202, "%d %s", got.status, got.body);
	ck_assert_int_eq(files(), 1);
	file = fopen(
		talloc_asprintf(house.mem, "%s/%s", clerk_review.uploads, in(got, "import_id")),
		"re");
	ck_assert_ptr_nonnull(file);
	ck_assert_uint_eq(fread(kept, 1, LARGE, file), LARGE);
	ck_assert_mem_eq(kept, bytes, LARGE);
	fclose(file);
	/* the second one while the first waits: refused whole */
	fd = begin_of(LARGE);
	client_send(fd, bytes, LARGE);
	is_problem(client_read(fd), 409, "conflict", "one at a time");
	close(fd);
	ck_assert_int_eq(files(), 1);
	ck_assert_str_eq(ask("select count(*) from stock_job"), "1");
}
END_TEST

START_TEST(cut_in_the_middle)
{
	char *bytes = bytes_made(LARGE);

	for (size_t sent = 0; sent < LARGE; sent += LARGE / 4 + 1) {
		int fd = begin_of(LARGE);

		client_send(fd, bytes, sent);
		close(fd);
	}
	nothing_is_left();
	for (int i = 0; i < 4; i++) { /* of unknown length, and the last piece does not come */
		int fd = begin(TYPE "Transfer-Encoding: chunked\r\n");

		client_say(fd, "%zx\r\n", (size_t)LARGE);
		client_send(fd, bytes, LARGE);
		client_say(fd, "\r\n%s", i % 2 ? "zz\r\n" : "");
		close(fd);
	}
	nothing_is_left();
}
END_TEST

/* It is said before a byte of it is read. */
START_TEST(too_large_is_refused_at_its_head)
{
	static const char *const lengths[] = { "2147483649", "9999999999999",
					       "18446744073709551615" };

	for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
		int fd = begin(
			talloc_asprintf(house.mem, TYPE "Content-Length: %s\r\n", lengths[i]));

		is_problem(client_read(fd), 413, "too-large", "larger than 2147483648");
		close(fd);
	}
	nothing_is_left();
}
END_TEST

START_TEST(of_another_kind)
{
	static const char *const types[] = { "", "Content-Type: text/html\r\n",
					     "Content-Type: application/json\r\n",
					     "Content-Type: multipart/form-data; boundary=x\r\n" };
	char *bytes = bytes_made(LARGE);

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		int fd = begin(
			talloc_asprintf(house.mem, "%sContent-Length: %d\r\n", types[i], LARGE));

		client_send(fd, bytes, LARGE);
		is_problem(client_read(fd), 415, "media-type", "text/csv");
		close(fd);
	}
	nothing_is_left();
}
END_TEST

/* Who may not send one does not get rid of a byte. */
START_TEST(of_strangers)
{
	int fd = client_open();

	client_say(fd,
		   "POST " IMPORT
		   " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n" TYPE
		   "Content-Length: %d\r\n\r\n",
		   clerk, LARGE);
	is_problem(client_read(fd), 403, "scope", "scopes");
	close(fd);
	nothing_is_left();
}
END_TEST

START_TEST(without_a_folder)
{
	char *bytes = bytes_made(BYTES_READ_ON);
	int fd;

	rmdir(clerk_review.uploads);
	fd = begin_of(BYTES_READ_ON);
	client_send(fd, bytes, BYTES_READ_ON);
	is_problem(client_read(fd), 500, "internal", "the log says why");
	close(fd);
	all_gone();
	ck_assert_str_eq(ask("select count(*) from stock_job"), "0");
	ck_assert_int_gt(desk.told, 0);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("upload");
	TCase *tc = tcase_create("upload");
	SRunner *runner = srunner_create(suite);
	int failed;

	tcase_add_checked_fixture(tc, office_open, clerk_close);
	tcase_set_timeout(tc, 180);
	tcase_add_test(tc, a_whole_file_is_kept_as_it_came);
	tcase_add_test(tc, cut_in_the_middle);
	tcase_add_test(tc, too_large_is_refused_at_its_head);
	tcase_add_test(tc, of_another_kind);
	tcase_add_test(tc, of_strangers);
	tcase_add_test(tc, without_a_folder);
	suite_add_tcase(suite, tc);
	house_build();
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	house_leave();
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
