#include "review/trail.h"

#include "api/audit.h"

static bool trail_leave(struct db *db, const char *document_id, void *arg, struct err *e)
{
	const struct trail *trail = arg;
	const struct caller *caller = &trail->request->caller;

	return audit_note_with(db, trail->request, trail->action, document_id, e) &&
	       db_call(db, SQL_desk_lock_leave, NULL, NULL, e, caller->broker, document_id,
		       caller->by);
}

void trail_begin(struct trail *trail, struct decision *decision, const struct request *request,
		 const char *action)
{
	*trail = (struct trail){ request, action };
	decision->with = trail_leave;
	decision->with_arg = trail;
}
