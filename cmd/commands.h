/* commands.h -- the tables that table.c puts together; each ends with a row without a name. */
#ifndef CMD_COMMANDS_H
#define CMD_COMMANDS_H

#include "base/command.h"

extern const struct command canonicalise_commands[];
extern const struct command audit_commands[];
extern const struct command connection_commands[];
extern const struct command consumer_commands[];
extern const struct command contracts_commands[];
extern const struct command dead_commands[];
extern const struct command replay_commands[];
extern const struct command delivery_commands[];
extern const struct command delivery_read_command[];
extern const struct command endpoint_commands[];
extern const struct command endpoint_change_commands[];
extern const struct command evaluate_commands[];
extern const struct command events_commands[];
extern const struct command events_keep_commands[];
extern const struct command inspect_commands[];
extern const struct command insurers_commands[];
extern const struct command letter_commands[];
extern const struct command learn_commands[];
extern const struct command match_commands[];
extern const struct command number_commands[];
extern const struct command poll_commands[];
extern const struct command queue_commands[];
extern const struct command release_commands[];
extern const struct command release_rule_commands[];
extern const struct command serve_commands[];
extern const struct command setup_commands[];
extern const struct command stats_commands[];
extern const struct command stats_lead_commands[];
extern const struct command token_commands[];
extern const struct command user_commands[];

#endif
