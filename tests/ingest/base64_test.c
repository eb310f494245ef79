#include "ingest/base64.h"

#include "tests/ingest/read_helpers.h"

struct decoded {
	bool ok;
	size_t len;
	uint8_t bytes[4096];
	struct err e;
};

static struct decoded decode(const char *text, size_t len, size_t step)
{
	struct decoded d = { .ok = true };
	struct base64 state = { 0 };

	for (size_t at = 0; d.ok && at < len; at += step) {
		size_t n = len - at < step ? len - at : step, out = 0;
		uint8_t *room =
			malloc(BASE64_ROOM(n)); /* exactly what the header promises to be enough */
		char *in = malloc(n);

		memcpy(in, text + at, n);
		d.ok = base64_decode(room, &out, &state, in, n, &d.e);
		if (d.ok)
			memcpy(d.bytes + d.len, room, out);
		d.len += d.ok ? out : 0;
		free(room);
		free(in);
	}
	d.ok = d.ok && base64_end(&state, &d.e);
	return d;
}

static const struct {
	const char *text, *why;
	unsigned long long at;
} refused[] = {
	{ "QUJD-EVG", "alphabet of base64url", 4 },
	{ "QUJD_EVG", "alphabet of base64url", 4 },
	{ "QU\x01J", "control character", 2 },
	{ "QUJDRA=A", "data behind padding", 7 },
	{ "QUJDRA==QUJD", "a second text", 8 },
	{ "=", "padding alone", 0 },
	{ "Q===", "one sign and padding", 1 },
	{ "QQ=", "padding incomplete", 3 },
	{ "QQ", "padding missing", 2 },
	{ "QUJDR", "one sign left", 5 },
	{ "QQ===", "surplus padding", 4 },
	{ "QUJD=", "padding behind a whole group", 4 },
	{ "QUI", "padding missing", 3 },
	{ "QR==", "bits under padding", 3 },
	{ "QUJ=", "bits under padding", 3 },
	{ "QU\xc3\xa4JD", "not ASCII", 2 },
	{ "QUJD\vQUJD", "vertical tab is no XML blank", 4 },
	{ "QUJD.", "full stop", 4 },
};

START_TEST(refuses)
{
	for (size_t step = 1; step <= 16; step++) {
		struct decoded d = decode(refused[_i].text, strlen(refused[_i].text), step);
		char where[40];

		snprintf(where, sizeof where, "character %llu", refused[_i].at);
		ck_assert_msg(!d.ok, "%s was accepted", refused[_i].why);
		ck_assert_int_eq(d.e.kind, ERR_DELIVERY);
		ck_assert_msg(strstr(d.e.text, where) != NULL, "%s: %s, expected %s",
			      refused[_i].why, d.e.text, where);
	}
}
END_TEST

static const struct {
	const char *text, *bytes;
} accepted[] = {
	{ "", "" },
	{ " \t\r\n", "" },
	{ "QQ==", "A" },
	{ "QUI=", "AB" },
	{ "QUJD", "ABC" },
	{ "Q Q\n=\r=", "A" },
	{ "QUJD\r\nRA==\n", "ABCD" },
	{ "+/+/", "\xfb\xff\xbf" },
};

START_TEST(accepts)
{
	for (size_t step = 1; step <= 16; step++) {
		struct decoded d = decode(accepted[_i].text, strlen(accepted[_i].text), step);

		ck_assert_msg(d.ok, "%s", d.e.text);
		ck_assert_uint_eq(d.len, strlen(accepted[_i].bytes));
		ck_assert_mem_eq(d.bytes, accepted[_i].bytes, d.len);
	}
}
END_TEST

/* Any length, any line width, against OpenSSL's encoder. */
START_TEST(random_bytes_come_back)
{
	uint8_t bytes[700];
	char text[1000], wrapped[1400];

	srand(_i + 1);
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (uint8_t)rand();
	for (size_t len = 0; len < sizeof bytes; len += 1 + (size_t)_i) {
		size_t width = (size_t)_i * 19 + 4, n = 0;
		int chars = EVP_EncodeBlock((unsigned char *)text, bytes, (int)len);
		struct decoded d;

		for (int i = 0; i < chars; i++) {
			wrapped[n++] = text[i];
			if ((size_t)i % width == width - 1)
				wrapped[n++] = '\n';
		}
		d = decode(wrapped, n, n ? n : 1);
		ck_assert_msg(d.ok, "%s", d.e.text);
		ck_assert_uint_eq(d.len, len);
		ck_assert_mem_eq(d.bytes, bytes, len);
	}
}
END_TEST

/* Both inner loops judge every byte at every place alike. */
START_TEST(loops_agree)
{
	uint8_t plain[256], fast[256];
	char text[128];

	if (!base64_has_avx2()) {
		fprintf(stderr, "no AVX2 here: the plain loop is the only one\n");
		return;
	}
	for (int c = 0; c < 256; c++)
		for (size_t place = 0; place < sizeof text; place++) {
			size_t a, b;

			memset(text, 'x', sizeof text);
			text[place] = (char)c;
			a = base64_groups_plain(plain, text, sizeof text);
			b = base64_groups_avx2(fast, text, sizeof text);
			ck_assert_uint_le(b, a);
			ck_assert_uint_ge(b + 44, a < 44 ? 44 : a - a % 32);
			ck_assert_mem_eq(plain, fast, b / 4 * 3);
		}
}
END_TEST

int main(void)
{
	TCase *tests = tcase_create("base64");

	tcase_add_loop_test(tests, refuses, 0, sizeof refused / sizeof refused[0]);
	tcase_add_loop_test(tests, accepts, 0, sizeof accepted / sizeof accepted[0]);
	tcase_add_loop_test(tests, random_bytes_come_back, 0, 8);
	tcase_add_test(tests, loops_agree);
	return run_suite("base64", tests);
}
