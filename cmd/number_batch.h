/* number_batch.h -- compare pairs of numbers, as many as come. */
#ifndef CMD_NUMBER_BATCH_H
#define CMD_NUMBER_BATCH_H

#include <stdbool.h>
#include <stdio.h>

#include "base/err.h"
#include "normalizers/insurer.h"

#define BATCH_RECORD_MOST (1u << 20) /* bytes of one CSV record */
#define BATCH_FIELDS_MOST 64

/*
 * CSV (RFC 4180) from the descriptor; the head names left_vu, left, right_vu, right in any order, other columns pass
 * through. Each record goes out as it came with verdict and reason behind it, as soon as its buffer is read; always whole, also
 * if the next one is refused.
 * Fails ERR_DELIVERY with the record's number, ERR_RETRY if reading or writing fails.
 */
bool number_batch(const struct insurers *all, int in, FILE *out, struct err *e);

#endif
