/* audit.h -- what a person does by a command, in the same audit log as what is done over the API (api/audit.h). */
#ifndef CMD_AUDIT_H
#define CMD_AUDIT_H

#include "cmd/app.h"
#include "matcher/queue.h"

/* One line: the login name did this to object (an id, or NULL). In the transaction that does it, if one is open. Errors as db_run. */
bool audit_hand(const struct app *app, const struct invocation *in, const char *action,
		const char *object, struct err *e);

/* Ends the transaction of what was begun: it is done and noted, or neither. ok: was it done? */
bool audit_close(bool ok, const struct app *app, const struct invocation *in, const char *action,
		 const char *object, struct err *e);

/* A decision leaves its line in its own transaction, under the name of who decides. trail must live until it is carried out. */
struct audit_trail {
	const char *broker, *by, *action;
};
void audit_decision(struct audit_trail *trail, struct decision *decision, const char *broker,
		    const char *action);

#endif
