/* url.h -- what an address of the configuration may be: the rule that the HTTP clients share. */
#ifndef BASE_URL_H
#define BASE_URL_H

#include <stdbool.h>

/* Does this host part of a URL mean this machine and nothing else? 127.0.0.0/8 written out, [::1], localhost (which
 * libcurl does not look up). Only to it may http:// go. */
bool host_is_here(const char *host);

#endif
