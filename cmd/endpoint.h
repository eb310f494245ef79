/* endpoint.h -- what the commands `vorpost endpoint ...` share. */
#ifndef CMD_ENDPOINT_H
#define CMD_ENDPOINT_H

#include "cmd/app.h"

/* One row of endpoint_find.sql, child of mem. ERR_MISSING: there is none of that name. */
bool endpoint_load(struct rows **rows, const struct app *app, const char *name, TALLOC_CTX *mem,
		   struct err *e);

/* Words of options as SQL wants them, children of mem; ERR_USAGE. Groups of types are kept as such, so that they take in
 * types to come: "customer,document.unmatched" as "{customer,document.unmatched}". NULL: the default. */
bool endpoint_types(const char **words, const char *given, TALLOC_CTX *mem, struct err *e);
bool endpoint_retry(const char **words, const char *given, TALLOC_CTX *mem, struct err *e);
bool endpoint_ca(const char **ca, const char *given, TALLOC_CTX *mem, struct err *e);

/* May events be sent to it, webhook or bus? ERR_USAGE. */
bool endpoint_url_check(const char *url, bool allow_private, struct err *e);

#endif
