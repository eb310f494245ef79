/*
 * relay.h -- after something happened: give the events their positions and send them to the
 * endpoints.
 */
#ifndef CMD_RELAY_H
#define CMD_RELAY_H

#include "cmd/app.h"

/* Once, until nothing is due; says what was done in one line unless --quiet. A sick endpoint is not
 * an error. */
bool relay_once(struct app *app, const struct invocation *in, struct err *e);

/* The role `events` of serve: again and again until told to stop. */
int relay_role(void *app);

#endif
