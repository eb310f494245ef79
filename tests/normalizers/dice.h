/* dice.h -- the same throws for the same seed on every machine. */
#ifndef TESTS_NORMALIZERS_DICE_H
#define TESTS_NORMALIZERS_DICE_H

#include <stdint.h>
#include <string.h>

struct dice {
	uint64_t state;
};

/* 0 .. most - 1 */
static inline uint64_t dice_throw(struct dice *d, uint64_t most)
{
	d->state = d->state * 6364136223846793005u + 1442695040888963407u;
	return (d->state >> 33) % most;
}

/* len characters of the alphabet; key has room for them and a NUL. */
static inline void dice_key(char *key, size_t len, const char *alphabet, struct dice *d)
{
	size_t kinds = strlen(alphabet);

	for (size_t i = 0; i < len; i++)
		key[i] = alphabet[dice_throw(d, kinds)];
	key[len] = '\0';
}

#endif
