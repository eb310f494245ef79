/* Sets of schemas: those that cannot be used, what may refer to what, which set holds. */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>

#include "ingest/schema_parts.h"
#include "tests/ingest/schema_world.h"

/* ---- sets ---- */

static const struct {
	const char *name, *text, *sentence;
} bad_sets[] = {
	{ "a.xsd", URN_A "<xs:include schemaLocation='http://x.example/y.xsd'/>" END,
	  "nothing else is opened or fetched" },
	{ "a.xsd", URN_A "<xs:include schemaLocation='file:///etc/passwd'/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:include schemaLocation='/etc/passwd'/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:include schemaLocation='../b.xsd'/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:include schemaLocation='x/../../b.xsd'/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:include schemaLocation='%2e%2e/b.xsd'/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:include/>" END, "a.xsd, line 1" },
	{ "a.xsd", URN_A "<xs:redefine schemaLocation='http://x.example/y.xsd'/>" END,
	  "a.xsd, line 1" },
	{ "a.xsd",
	  URN_A "<xs:import namespace='urn:b' schemaLocation='http://x.example/b.xsd'/>" END,
	  "imports the namespace urn:b, of which there is no file" },
	{ "a.xsd", URN_A "<xs:import namespace='urn:b' schemaLocation='file:///etc/passwd'/>" END,
	  "nothing is fetched" },
	{ "a.xsd",
	  "<!DOCTYPE x [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;&a;'>]>" URN_A
	  "<xs:element name='&b;'/>" END,
	  "has a DOCTYPE" },
	{ "a.xsd", "<!DOCTYPE x SYSTEM 'file:///etc/passwd'>" URN_A END, "has a DOCTYPE" },
	{ "a.xsd", "", "is no XML" },
	{ "a.xsd", "hello", "is no XML" },
	{ "a.xsd", URN_A "<xs:element name='&b;'/>" END, "is no XML" },
	{ "a.xsd", "<html/>", "is no XML Schema: its root is <html>" },
	{ "a.xsd", URN_A "<xs:element name='x' type='Nix'/>" END, "a.xsd: " },
	{ "a.xsd", URN_A "<xs:element name='x'/><xs:element name='x'/>" END, "a.xsd: " },
	{ "a.txt", URN_A END, "there is no XSD file in it" },
	{ ".a.xsd", URN_A END, "there is no XSD file in it" },
	{ "1/2/3/4/5/6/7/8/9/a.xsd", NULL, "nested more than 8 deep" },
};

START_TEST(a_set_leads_nowhere_else)
{
	char path[128] = "";

	if (bad_sets[_i].text) {
		file_write(bad_sets[_i].name, bad_sets[_i].text);
	} else {
		for (int depth = 1; depth <= SCHEMA_DEPTH_MOST + 1; depth++) {
			snprintf(path + strlen(path), sizeof path - strlen(path), "%d/", depth);
			file_write(talloc_asprintf(mem, "%sx.txt", path), "");
		}
	}
	refused(bad_sets[_i].sentence);
}
END_TEST

START_TEST(a_set_has_no_links)
{
	struct err e = { 0 };

	ck_assert_int_eq(symlink("/etc/passwd", talloc_asprintf(mem, "%s/a.xsd", folder)), 0);
	refused("a.xsd is a symbolic link");
	ck_assert_ptr_null(schema_check_open("/nowhere/at/all", mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
}
END_TEST

/* Two releases of one thing are no set, and who sets them up hears of it. */
START_TEST(two_of_one_name_are_refused)
{
	file_write("1/a.xsd", URN_A "<xs:element name='x'/>" END);
	file_write("2/a.xsd", URN_A "<xs:element name='x'/>" END);
	refused("2/a.xsd: ");
}
END_TEST

/* Includes and imports in circles, by any way of saying where; parts without a namespace of their own; a namespace in many files. */
START_TEST(files_may_refer_to_each_other)
{
	struct schema_check *check;

	file_write("a.xsd", URN_A
		   "<xs:include schemaLocation='a.xsd'/><xs:include "
		   "schemaLocation='sub/../sub/./b.xsd'/><xs:import namespace='urn:c' "
		   "schemaLocation='https://x.example/c.xsd'/><xs:element name='r' type='T'/>" END);
	file_write(
		"sub/b.xsd", URN_A
		"<xs:include schemaLocation='../a.xsd'/><xs:include "
		"schemaLocation='part.xsd'/><xs:import namespace='urn:c'/><xs:complexType name='T'><xs:sequence>"
		"<xs:element ref='c:x' xmlns:c='urn:c'/><xs:element name='y' "
		"type='Part'/></xs:sequence></xs:complexType>" END);
	file_write("sub/part.xsd",
		   XSD "><xs:simpleType name='Part'><xs:restriction base='xs:integer'/>"
		       "</xs:simpleType>" END);
	file_write("c1.xsd",
		   XSD "targetNamespace='urn:c' xmlns:a='urn:a'><xs:import namespace='urn:a' "
		       "schemaLocation='a.xsd'/><xs:element name='x' type='xs:string'/>"
		       "<xs:element name='back' type='a:T'/>" END);
	file_write("c2.XSD",
		   XSD "targetNamespace='urn:c'><xs:element name='z' type='xs:integer'/>" END);
	check = opened();
	ck_assert_uint_eq(schema_check_files(check), 5);
	fits(check, "<a:r><c:x xmlns:c='urn:c'>x</c:x><a:y>1</a:y></a:r>");
	fits(check, "<c:z xmlns:c='urn:c'>1</c:z>");
	differs(check, "<a:r><c:x xmlns:c='urn:c'>x</c:x><a:y>y</a:y></a:r>", "r/y",
		"is not of its type", "type Part");
}
END_TEST

/* Parts without a namespace that include each other belong to somebody all the same: to nobody else. */
START_TEST(parts_in_a_circle_do_not_vanish)
{
	struct schema_check *check;

	file_write("b.xsd",
		   XSD "><xs:include schemaLocation='c.xsd'/><xs:element name='b' type='C'/>" END);
	file_write("c.xsd", XSD "><xs:include schemaLocation='b.xsd'/><xs:simpleType name='C'>"
				"<xs:restriction base='xs:integer'/></xs:simpleType>" END);
	check = opened();
	fits(check, "<b>1</b>");
	differs(check, "<b>x</b>", "b", "is not of its type", "type C");
}
END_TEST

/* One circle beside a file that brings another one in. */
START_TEST(a_circle_that_is_reached_is_a_part)
{
	struct schema_check *check;

	file_write("a.xsd",
		   URN_A "<xs:include schemaLocation='c.xsd'/><xs:element name='x' type='C'/>" END);
	file_write("b.xsd", XSD "><xs:include schemaLocation='c.xsd'/>" END);
	file_write("c.xsd", XSD "><xs:include schemaLocation='b.xsd'/><xs:simpleType name='C'>"
				"<xs:restriction base='xs:integer'/></xs:simpleType>" END);
	check = opened();
	fits(check, "<a:x>1</a:x>");
	differs(check, "<a:x>x</a:x>", "x", "is not of its type", "type C");
}
END_TEST

/* A folder that cannot be read to its end is not one with fewer files. */
static int readdir_fails_at; /* 0: never */

struct dirent *readdir(DIR *dir)
{
	static struct dirent *(*real)(DIR *);

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "readdir");
	if (!readdir_fails_at || --readdir_fails_at)
		return real(dir);
	errno = EIO;
	return NULL;
}

START_TEST(a_folder_that_breaks_off_is_refused)
{
	struct schema_files files;
	struct err e = { 0 };
	char **names, *set;
	size_t count;

	file_write("nord/a.xsd", URN_A END);
	readdir_fails_at = 3;
	ck_assert(!schema_set_names(&names, &count, folder, mem, &e));
	ck_assert_msg(strstr(e.text, "cannot be listed to its end") != NULL, "%s", e.text);
	err_clear(&e);
	readdir_fails_at = 1;
	ck_assert(!schema_set_find(&set, folder, "nord", "2.6.1", mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	err_clear(&e);
	readdir_fails_at = 2;
	ck_assert(!schema_files_read(&files, open(folder, O_RDONLY | O_DIRECTORY), mem, &e));
	ck_assert_msg(strstr(e.text, "cannot be listed to its end") != NULL, "%s", e.text);
	ck_assert(schema_set_find(&set, folder, "nord", "2.6.1", mem, NULL));
}
END_TEST

/* The program as a shell's line: what it says first is all that it says. */
static const char *stand_in; /* NULL: the program itself */

int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
		const posix_spawnattr_t *attributes, char *const words[], char *const environment[])
{
	static int (*real)(pid_t *, const char *, const posix_spawn_file_actions_t *,
			   const posix_spawnattr_t *, char *const[], char *const[]);
	char *line[] = { (char *)"sh", (char *)"-c", (char *)(uintptr_t)stand_in, NULL };

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "posix_spawn");
	return real(pid, stand_in ? "/bin/sh" : path, actions, attributes, stand_in ? line : words,
		    environment);
}

#define SAYS(bytes) "printf '" bytes "' >&3; exec sleep 20"
#define HELLO(len)  "\\001\\0\\0\\0" len "\\0\\0\\0"
#define ONE_FILE    "\\001\\0\\0\\0\\0\\0\\0\\0"

static const char *const bad_greetings[] = {
	SAYS(HELLO("\\0")),                    /* no word of how many files there are */
	SAYS(HELLO("\\004") "\\001\\0\\0\\0"), /* half a number */
	SAYS(HELLO("\\010") ONE_FILE),         /* not whether it is compiled */
	SAYS("\\006\\0\\0\\0\\0\\0\\0\\0"),    /* an answer before the greeting */
};

/* Only a whole greeting says that the set is compiled and the program locked in. */
START_TEST(half_a_greeting_is_none)
{
	file_write("a.xsd", URN_A END);
	stand_in = bad_greetings[_i];
	refused("does not keep to its protocol");
	stand_in = NULL;
	opened();
}
END_TEST

START_TEST(sets_are_found_by_name)
{
	struct err e = { 0 };
	char **names, *set;
	size_t count;

	ck_assert(!schema_set_names(&names, &count, folder, mem, &e));
	ck_assert_int_eq(e.kind, ERR_SETUP);
	file_write("nord/a.xsd", URN_A END);
	file_write("2.6.1/a.xsd", URN_A END);
	ck_assert(schema_set_names(&names, &count, folder, mem, NULL));
	ck_assert_uint_eq(count, 2);
	ck_assert_str_eq(names[0], "2.6.1");
	ck_assert(schema_set_find(&set, folder, "nord", "2.6.1", mem, NULL));
	ck_assert_str_eq(strrchr(set, '/'), "/nord");
	ck_assert(schema_set_find(&set, folder, "sued", "2.6.1", mem, NULL));
	ck_assert_str_eq(strrchr(set, '/'), "/2.6.1");
	ck_assert(schema_set_find(&set, folder, "sued", "../x", mem, NULL));
	ck_assert_ptr_null(set);
	ck_assert(schema_set_find(&set, folder, "..", ".", mem, NULL));
	ck_assert_ptr_null(set);
	file_write("a.xsd", URN_A END);
	ck_assert(schema_set_find(&set, folder, "nord", "2.6.1", mem, NULL));
	ck_assert_str_eq(set, folder);
	ck_assert(schema_set_names(&names, &count, folder, mem, NULL));
	ck_assert_uint_eq(count, 0);
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("schema_set");

	tcase_add_loop_test(tests, a_set_leads_nowhere_else, 0,
			    (int)(sizeof bad_sets / sizeof *bad_sets));
	tcase_add_test(tests, a_set_has_no_links);
	tcase_add_test(tests, two_of_one_name_are_refused);
	tcase_add_test(tests, files_may_refer_to_each_other);
	tcase_add_test(tests, sets_are_found_by_name);
	tcase_add_test(tests, parts_in_a_circle_do_not_vanish);
	tcase_add_test(tests, a_circle_that_is_reached_is_a_part);
	tcase_add_loop_test(tests, half_a_greeting_is_none, 0,
			    sizeof bad_greetings / sizeof *bad_greetings);
	tcase_add_test(tests, a_folder_that_breaks_off_is_refused);
	return schema_run("schema_set", tests);
}
