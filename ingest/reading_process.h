/* reading_process.h -- within reading: the process that reads, kept from one answer to the next as long as it fits. */
#ifndef INGEST_READING_PROCESS_H
#define INGEST_READING_PROCESS_H

#include <sys/types.h>

#include "base/cage.h"
#include "base/cage_wire.h"
#include "ingest/reading.h"

#define READER_NAME "the reader"

struct cage {
	struct cage_child child;
	char *whose;
	bool has_file;
	dev_t file_dev; /* of it */
	ino_t file_ino;
	bool greeted; /* its first word came: it is locked in */
	int landlock;
	int answers;
	struct cage_in in;
};

/* A process for this connection, its file and what it must hold: the one that is there, if it fits. Fails ERR_SETUP, ERR_RETRY. */
bool process_ready(struct cage *cage, const char *whose, enum signature_policy policy,
		   const int *kept_fd, struct err *e);

/* Its first word. Fails ERR_SETUP: it is not locked in. */
bool process_hello(struct cage *cage, const struct cage_frame *frame, struct err *e);

/* End it. how: as waitpid says it, may be NULL. */
void process_retire(struct cage *cage, int *how);

#endif
