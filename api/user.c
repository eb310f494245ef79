#include "api/user.h"

#include <string.h>

#define READING (SCOPE_DOCUMENTS | SCOPE_STATISTICS)

static const struct {
	const char *name;
	unsigned scopes;
} roles[] = {
	[ROLE_NONE] = { "", 0 },
	[ROLE_CLERK] = { "clerk", READING | SCOPE_DECISIONS },
	[ROLE_LEAD] = { "lead",
			READING | SCOPE_DECISIONS | SCOPE_STOCK | SCOPE_INSURERS | SCOPE_USERS },
	[ROLE_OPERATOR] = { "operator", SCOPE_INSURERS | SCOPE_STATISTICS },
	[ROLE_READER] = { "read-only", READING },
};

#define ROLES (sizeof roles / sizeof *roles)

const char *role_name(enum user_role role)
{
	return roles[role].name;
}

enum user_role role_read(const char *name)
{
	for (size_t i = ROLE_NONE + 1; i < ROLES; i++)
		if (!strcmp(roles[i].name, name))
			return (enum user_role)i;
	return ROLE_NONE;
}

unsigned role_scopes(enum user_role role)
{
	return roles[role].scopes;
}

bool user_name_check(const char *name, struct err *e)
{
	static const char letters[] = "abcdefghijklmnopqrstuvwxyz0123456789._-";
	size_t len = strlen(name);

	if (len && len <= USER_NAME_MOST && strspn(name, letters) == len && !strchr("._-", name[0]))
		return true;
	return err_set(e, ERR_USAGE,
		       "a user's name is 1 to %d of a-z 0-9 . _ -, the first a letter or digit",
		       USER_NAME_MOST);
}
