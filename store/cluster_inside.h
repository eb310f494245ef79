/*
 * cluster_inside.h -- inside the room: the parts of the private cluster.
 *
 *	cluster.c          who uses it: the locks, the handle
 *	cluster_user.c     as whom it runs, and running a program as that user
 *	cluster_init.c     the server's programs, initdb and what is written then
 *	cluster_start.c    is it there, start it, stop it
 */
#ifndef STORE_CLUSTER_INSIDE_H
#define STORE_CLUSTER_INSIDE_H

#include <sys/types.h>

#include "store/cluster.h"

struct cluster {
	char *state;         /* resolved */
	char *data;          /* STATE/postgres */
	char *socket_folder; /* data, or a folder below /tmp if a socket's name has no room for it */
	char *log;           /* STATE/postgres.log */
	char *programs;      /* folder with initdb and postgres */
	char *conninfo;
	char *user; /* who the server runs as */
	uid_t uid;
	gid_t gid;
	int users_fd; /* the shared lock that says "in use" */
	pid_t owner;  /* the process that holds the handle; its children only inherited it */
};

/* A file in the state folder; made by root it belongs to the folder's owner. -1 and ERR_SETUP. */
int cluster_file(const struct cluster *c, const char *path, int flags, struct err *e);

/* cluster_user.c */

/* user, uid, gid: ourselves, or if we are root the data's owner, as_user or the usual ones. */
bool cluster_user_choose(struct cluster *c, const char *as_user, struct err *e);

/* Can that user reach the state folder? ERR_SETUP names the folder that bars the way. */
bool cluster_user_reaches(const struct cluster *c, struct err *e);

/* Run a program of the server as that user, input (may be NULL) on its standard input, what it says to the log.
 * Waits. ERR_SETUP with its last words if it fails. */
bool cluster_program(const struct cluster *c, char *const *argv, const char *input, struct err *e);

/* Same, but it is nobody's child and goes on; returns a pidfd, -1 on failure. */
int cluster_daemon(const struct cluster *c, char *const *argv, struct err *e);

/* The last telling line of the log, for an error's text; child of c. */
const char *cluster_last_words(const struct cluster *c);

/* cluster_init.c */

/* programs: the newest, or those of the version that made the data. */
bool cluster_programs_find(struct cluster *c, struct err *e);
bool cluster_init(struct cluster *c, struct err *e);

/* cluster_start.c: both under the start lock or as the last user */
bool cluster_ensure(struct cluster *c, struct err *e);
void cluster_stop(const struct cluster *c);

#endif
