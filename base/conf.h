/*
 * conf.h -- vorpost.yaml. Unknown keys are errors with the line; every key has a default.
 *
 *	broker: demo                  # who we are; first part of every key
 *	state: /var/lib/vorpost       # documents, private database; relative: to the file's folder
 *	database: ""                  # libpq conninfo; empty: a private cluster below state
 *	system_user: ""               # who runs the private cluster if vorpost is root
 *	insurers: [ insurers ]        # folders of insurer files; relative: to the file's folder;
 *later ones win workers: 2                    # ingest roles of `vorpost serve` log: info # debug |
 *info | warn | error source: "//vorpost/demo"      # CloudEvents source; default "//vorpost/BROKER"
 *	listen: ""                    # where the HTTP API listens: "127.0.0.1:8430"; empty: nowhere
 *	strict_lines: false           # health, life, accident need a second signal
 *	keep_events: 90d              # how long at least; forever: nothing is dropped
 *	digest_hour: 7                # queue.digest, German time; 24: never
 *	second_signal_bits: 13        # how much that signal must say (matcher/weigh.h)
 *	repair_bits: 13               # and what confirms a number with a typed mistake
 *	apart_bits: 14                # and what tells contracts of one number apart
 */
#ifndef BASE_CONF_H
#define BASE_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <talloc.h>

#include "base/err.h"
#include "base/log.h"

struct conf {
	char *path; /* of the file itself */
	char *broker;
	char *state;       /* absolute */
	char *database;    /* "" : private cluster */
	char *system_user; /* "" : choose */
	char **insurers;   /* absolute folders */
	size_t insurer_count;
	int workers;
	enum log_level log;
	char *source;
	char *listen; /* "" : no HTTP API */
	bool strict_lines;
	int keep_days; /* 0: for ever */
	int digest_hour;
	int second_bits, repair_bits, apart_bits;
};

/* Read and check; child of mem. Fails ERR_SETUP with file, line and key. */
struct conf *conf_load(const char *path, TALLOC_CTX *mem, struct err *e);

#endif
