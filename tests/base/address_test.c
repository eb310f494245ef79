/* Where an address leads: a request must not be talked into this machine, a private network or a metadata service. */
#include <check.h>
#include <stdlib.h>

#include "base/address.h"

static const struct {
	const char *text;
	enum address_reach reach;
} addresses[] = {
	{ "1.1.1.1", ADDRESS_PUBLIC },
	{ "9.255.255.255", ADDRESS_PUBLIC },
	{ "11.0.0.0", ADDRESS_PUBLIC },
	{ "100.63.255.255", ADDRESS_PUBLIC },
	{ "100.128.0.0", ADDRESS_PUBLIC },
	{ "126.255.255.255", ADDRESS_PUBLIC },
	{ "128.0.0.0", ADDRESS_PUBLIC },
	{ "169.253.255.255", ADDRESS_PUBLIC },
	{ "169.255.0.0", ADDRESS_PUBLIC },
	{ "172.15.255.255", ADDRESS_PUBLIC },
	{ "172.32.0.0", ADDRESS_PUBLIC },
	{ "192.167.255.255", ADDRESS_PUBLIC },
	{ "192.169.0.0", ADDRESS_PUBLIC },
	{ "223.255.255.255", ADDRESS_PUBLIC },
	{ "2606:4700:4700::1111", ADDRESS_PUBLIC },
	{ "[2a00:1450:4001:80f::200e]", ADDRESS_PUBLIC },
	{ "::ffff:1.1.1.1", ADDRESS_PUBLIC },
	{ "64:ff9b::101:101", ADDRESS_PUBLIC },
	{ "127.0.0.1", ADDRESS_HERE },
	{ "127.0.0.0", ADDRESS_HERE },
	{ "127.255.255.255", ADDRESS_HERE },
	{ "::1", ADDRESS_HERE },
	{ "[::1]", ADDRESS_HERE },
	{ "::ffff:127.0.0.1", ADDRESS_HERE },
	{ "::ffff:7f00:1", ADDRESS_HERE },
	{ "::127.0.0.1", ADDRESS_HERE },
	{ "64:ff9b::7f00:1", ADDRESS_HERE },
	{ "2002:7f00:1::", ADDRESS_HERE },
	{ "10.0.0.0", ADDRESS_PRIVATE },
	{ "10.255.255.255", ADDRESS_PRIVATE },
	{ "172.16.0.0", ADDRESS_PRIVATE },
	{ "172.31.255.255", ADDRESS_PRIVATE },
	{ "192.168.0.0", ADDRESS_PRIVATE },
	{ "192.168.255.255", ADDRESS_PRIVATE },
	{ "100.64.0.0", ADDRESS_PRIVATE },
	{ "100.127.255.255", ADDRESS_PRIVATE },
	{ "::ffff:10.0.0.1", ADDRESS_PRIVATE },
	{ "::ffff:0:192.168.1.1", ADDRESS_PRIVATE },
	{ "2002:c0a8:101::1", ADDRESS_PRIVATE },
	{ "fc00::", ADDRESS_PRIVATE },
	{ "fd12:3456:789a::1", ADDRESS_PRIVATE },
	{ "fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", ADDRESS_PRIVATE },
	{ "0.0.0.0", ADDRESS_NEVER },
	{ "0.1.2.3", ADDRESS_NEVER },
	{ "169.254.0.0", ADDRESS_NEVER },
	{ "169.254.169.254", ADDRESS_NEVER },
	{ "169.254.170.2", ADDRESS_NEVER },
	{ "100.100.100.200", ADDRESS_NEVER },
	{ "192.0.0.192", ADDRESS_NEVER },
	{ "192.0.2.1", ADDRESS_NEVER },
	{ "198.18.0.1", ADDRESS_NEVER },
	{ "198.51.100.1", ADDRESS_NEVER },
	{ "203.0.113.1", ADDRESS_NEVER },
	{ "224.0.0.1", ADDRESS_NEVER },
	{ "240.0.0.1", ADDRESS_NEVER },
	{ "255.255.255.255", ADDRESS_NEVER },
	{ "::", ADDRESS_NEVER },
	{ "::ffff:169.254.169.254", ADDRESS_NEVER },
	{ "::ffff:a9fe:a9fe", ADDRESS_NEVER },
	{ "::169.254.169.254", ADDRESS_NEVER },
	{ "64:ff9b::a9fe:a9fe", ADDRESS_NEVER },
	{ "2002:a9fe:a9fe::", ADDRESS_NEVER },
	{ "fd00:ec2::254", ADDRESS_NEVER },
	{ "fe80::1", ADDRESS_NEVER },
	{ "febf::1", ADDRESS_NEVER },
	{ "fec0::1", ADDRESS_NEVER },
	{ "ff02::1", ADDRESS_NEVER },
	{ "2001::1", ADDRESS_NEVER },
	{ "2001:db8::1", ADDRESS_NEVER },
	{ "100::1", ADDRESS_NEVER },
	{ "4000::1", ADDRESS_NEVER },
};

START_TEST(where_it_leads)
{
	enum address_reach reach;

	ck_assert(address_text_reach(&reach, addresses[_i].text));
	ck_assert_msg(reach == addresses[_i].reach, "%s: %d", addresses[_i].text, reach);
}
END_TEST

static const char *const names[] = { "",      "[",          "[]",         "example.com",
				     "127.1", "0x7f000001", "2130706433", "0177.0.0.1",
				     "1.2.3", "localhost",  "::1%lo" };

START_TEST(what_is_a_name)
{
	enum address_reach reach;

	ck_assert_msg(!address_text_reach(&reach, names[_i]), "%s", names[_i]);
}
END_TEST

START_TEST(other_families_lead_nowhere)
{
	struct sockaddr address = { .sa_family = AF_UNIX };

	ck_assert_int_eq(address_reach(&address), ADDRESS_NEVER);
}
END_TEST

int main(void)
{
	Suite *suite = suite_create("address");
	TCase *cases = tcase_create("address");
	SRunner *runner;
	int failed;

	tcase_add_loop_test(cases, where_it_leads, 0, (int)(sizeof addresses / sizeof *addresses));
	tcase_add_loop_test(cases, what_is_a_name, 0, (int)(sizeof names / sizeof *names));
	tcase_add_test(cases, other_families_lead_nowhere);
	suite_add_tcase(suite, cases);
	runner = srunner_create(suite);
	srunner_run_all(runner, CK_NORMAL);
	failed = srunner_ntests_failed(runner);
	srunner_free(runner);
	return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}
