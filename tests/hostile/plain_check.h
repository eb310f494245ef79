/* plain_check.h -- the helpers of the Check programs in a program that is none: what they assert ends it. Include it first. */
#ifndef TESTS_HOSTILE_PLAIN_CHECK_H
#define TESTS_HOSTILE_PLAIN_CHECK_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>

#undef ck_assert_msg
#define ck_assert_msg(expr, ...)                                                                   \
	do {                                                                                       \
		if (!(expr)) {                                                                     \
			fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #expr);         \
			abort();                                                                   \
		}                                                                                  \
	} while (0)

#endif
