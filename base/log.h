/*
 * log.h -- one line per thing that happened: level, sentence, then key=value pairs.
 *
 * Only cmd/ and the roles log; rooms below return an err. Never personal data, never a whole policy
 * number, never a secret. Lines go to standard error; under systemd with the priority prefix (<6>).
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/err.h"

enum log_level { LOG_AT_DEBUG, LOG_AT_INFO, LOG_AT_WARN, LOG_AT_ERROR };

void log_level_set(enum log_level least);

/* format, then pairs are written by the caller: log_info("stored shipment", "connection=%s
 * documents=%d", ...). detail may be NULL. */
void log_line(enum log_level level, const char *what, const char *detail, ...)
	__attribute__((format(printf, 3, 4)));

#define log_debug(what, ...) log_line(LOG_AT_DEBUG, what, __VA_ARGS__)
#define log_info(what, ...)  log_line(LOG_AT_INFO, what, __VA_ARGS__)
#define log_warn(what, ...)  log_line(LOG_AT_WARN, what, __VA_ARGS__)
#define log_error(what, ...) log_line(LOG_AT_ERROR, what, __VA_ARGS__)

/* The edge's one line for an error that ended a piece of work. */
void log_err(const char *what, const struct err *e);

#endif
