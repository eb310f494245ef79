/* schemas.h -- the operator's schemas (configuration key schemas): are they usable, and how an answer differs from them, for people. */
#ifndef CMD_SCHEMAS_H
#define CMD_SCHEMAS_H

#include "base/command.h"
#include "cmd/app.h"
#include "ingest/schema.h"

/* Compile every set, before anything else begins. sets and files: how many; 0 without schemas. Needs the insurer files.
 * Fails ERR_SETUP: a set is not usable, or nobody's. */
bool schemas_try(size_t *sets, size_t *files, const struct app *app, struct err *e);

/* A check with the set of this insurer; *check is NULL without schemas, or if none is for him. Child of mem. Loads the insurer
 * files where the app has none. */
bool schemas_open(struct schema_check **check, const struct app *app, const char *issuer,
		  TALLOC_CTX *mem, struct err *e);

/* Fills most lines: "3 breaches of the schemas", with the reason if it was not looked at to its end; "fits the schemas". */
char *schemas_sentence(const struct schema_report *report, TALLOC_CTX *mem);

/* The breaches as a table. */
void schemas_print(const struct schema_report *report, const struct invocation *in);

#endif
