/*
 * label.h -- words in front of a number that say what it is: "Versicherungsschein-Nr.", "VSNR", "Schadennummer:".
 */
#ifndef NORMALIZERS_LABEL_H
#define NORMALIZERS_LABEL_H

#include <stdbool.h>
#include <stddef.h>

struct label {
	const char *word; /* lower case, letters only: "Vers.-Nr." is "versnr" */
	unsigned char len;
	bool weak; /* could also be the letters of a number: counts only before a full stop, colon or blank */
	bool other; /* the number behind it is not a policy number */
};

/* The longest label that text (ASCII) begins with, NULL if none; *len becomes its bytes in text. */
const struct label *label_find(const char *text, size_t text_len, size_t *len);

#endif
