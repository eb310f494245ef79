#include "base/name.h"

#include <string.h>

#define FIRST "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

bool name_check(const char *name, const char *what, struct err *e)
{
	size_t len = name ? strlen(name) : 0;

	if (len > 0 && len <= NAME_BYTES_MOST && strchr(FIRST, name[0]) &&
	    strspn(name, FIRST "-_.") == len)
		return true;
	return err_set(e, ERR_USAGE,
		       "%s has 1 to %d letters (a-z), digits, '-', '_' or '.', and begins with a "
		       "letter or digit",
		       what, NAME_BYTES_MOST);
}
