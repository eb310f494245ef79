/* api.h -- the role `api` of serve: the feed over HTTP, where the configuration says listen. */
#ifndef CMD_API_H
#define CMD_API_H

/* arg: struct app. Works until told to stop, then lets those who wait go. */
int api_role(void *arg);

#endif
