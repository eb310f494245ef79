#include "events/reach.h"

#include "base/url.h"

bool reach_allowed(enum address_reach reach, bool allow_private)
{
	return reach == ADDRESS_PUBLIC || (reach != ADDRESS_NEVER && allow_private);
}

bool reach_host_check(const char *host, bool is_encrypted, const char *encrypted,
		      bool allow_private, struct err *e)
{
	enum address_reach reach = ADDRESS_PUBLIC;

	if (host_is_here(host))
		reach = ADDRESS_HERE;
	else
		address_text_reach(&reach, host);
	if (reach == ADDRESS_NEVER)
		return err_set(e, ERR_USAGE, "the URL leads to an address that no receiver has");
	if (reach != ADDRESS_PUBLIC && !allow_private)
		return err_set(e, ERR_USAGE,
			       "the URL leads to this machine or into a private network; "
			       "--allow-private permits it");
	if (!is_encrypted && reach != ADDRESS_HERE)
		return err_set(e, ERR_USAGE,
			       "the URL is not %s (without encryption only to this machine)",
			       encrypted);
	return true;
}
