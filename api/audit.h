/*
 * audit.h -- who did what, and who looked at what: one row each in table audit, which is only added to.
 *
 * Actions are two words, the object's and the verb's: document.viewed, document.assign, user.change, login, login.refused.
 * No personal data stand in it but the names of users and the ids of what they touched.
 */
#ifndef API_AUDIT_H
#define API_AUDIT_H

#include <stdbool.h>

#include "api/request.h"

/*
 * audit_note -- the caller does this. Written before the answer goes out: what is not noted is not shown.
 *   object   an id, or NULL
 *   answers  503 and returns false if it cannot be written
 */
bool audit_note(struct request *request, const char *action, const char *object);

/* The same, in the transaction that does it: it is noted if and only if it is done. Errors as db_run. */
bool audit_note_with(struct db *db, const struct request *request, const char *action,
		     const char *object, struct err *e);

/* Of somebody who is not logged in. */
bool audit_note_of(struct request *request, const char *broker, const char *who,
		   const char *action);

#endif
