#include "api/audit.h"

#include "api/problem.h"

bool audit_note(struct request *request, const char *action, const char *object)
{
	const struct caller *caller = &request->caller;
	struct err e = { 0 };

	return api_call(request->api, SQL_audit_add, NULL, request, &e, caller->broker, caller->by,
			action, object, request->address) ||
	       problem_of(request, &e);
}

bool audit_note_with(struct db *db, const struct request *request, const char *action,
		     const char *object, struct err *e)
{
	const struct caller *caller = &request->caller;

	return db_call(db, SQL_audit_add, NULL, NULL, e, caller->broker, caller->by, action, object,
		       request->address);
}

bool audit_note_of(struct request *request, const char *broker, const char *who, const char *action)
{
	struct err e = { 0 };

	return api_call(request->api, SQL_audit_add, NULL, request, &e, broker, who, action, NULL,
			request->address) ||
	       problem_of(request, &e);
}
