/* inspect.h -- the role that looks into stored documents; its command stands in the table of commands. */
#ifndef CMD_INSPECT_H
#define CMD_INSPECT_H

int inspect_role(void *arg); /* arg: struct app * */

#endif
