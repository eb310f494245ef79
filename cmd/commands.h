/* commands.h -- the tables that cmd/table.c puts together; each ends with a row without a name. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "base/command.h"

extern const struct command connection_commands[];   /* connection.c */
extern const struct command contracts_commands[];    /* contracts.c */
extern const struct command delivery_commands[];     /* delivery.c: quarantine */
extern const struct command delivery_read_command[]; /* delivery_read.c: offline */
extern const struct command endpoint_commands[];     /* endpoint.c */
extern const struct command events_commands[];       /* events.c */
extern const struct command insurers_commands[];     /* insurers.c */
extern const struct command match_commands[];        /* match.c */
extern const struct command number_commands[];       /* number.c */
extern const struct command poll_commands[];         /* poll.c */
extern const struct command queue_commands[];        /* queue.c */
extern const struct command serve_commands[];        /* serve.c */
extern const struct command
	setup_commands[]; /* setup.c: init, migrate, check-config, doctor, stats */

#endif
