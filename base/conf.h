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
 *	listen: ""                    # where the HTTP API listens: "127.0.0.1:8430", systemd; empty: nowhere
 *	cage: on                      # off: answers are read in the workers themselves, where seccomp is missing
 *	schemas: ""                   # folder of the operator's XSD files (ingest/schema.h); empty: answers are not held against any
 *	web: ""                       # folder of the page; empty: beside the program, or /usr/share/vorpost/web
 *	url: ""                       # the page as browsers see it, if a proxy stands before it: "https://vorpost.example";
 *	                              # other names than this and this machine's own are not answered (api/host.h)
 *	proxies: [ ]                  # addresses of reverse proxies: their X-Forwarded-For is believed
 *	login_header: ""              # in which they name who they logged in: "X-Remote-User"; needs url
 *	session_idle: 12h             # a login is over after so long without use
 *	session_most: 7d              # and after so long in any case
 *	strict_lines: false           # health, life, accident need a second signal
 *	shadow: false                 # decide and write down, but file nothing and tell nobody
 *	keep_events: 90d              # how long at least; forever: nothing is dropped
 *	keep_audit: 1095d             # who decided and who looked at what (three years); forever: all of it
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
	bool cage;
	char *schemas; /* absolute; "": none */
	char *web;     /* absolute; "": where it usually is */
	char *url;     /* "" : none */
	int session_idle_s, session_most_s;
	const char **proxies; /* ends with NULL */
	char *login_header;   /* "" : none */
	bool strict_lines, shadow;
	int keep_days; /* 0: for ever */
	int keep_audit_days;
	int digest_hour;
	int second_bits, repair_bits, apart_bits;
};

/* Where the configuration stands if none is named and ./vorpost.yaml is none. */
#define CONF_INSTALLED "/etc/vorpost/vorpost.yaml"

/* Read and check; child of mem. Fails ERR_SETUP with file, line and key, or how a file is begun if there is none. */
struct conf *conf_load(const char *path, TALLOC_CTX *mem, struct err *e);

#endif
