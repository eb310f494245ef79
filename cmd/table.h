/* table.h -- all commands of the program. */
#ifndef CMD_TABLE_H
#define CMD_TABLE_H

#include "base/command.h"

extern const struct command *const command_tables[]; /* ended by NULL */

#endif
