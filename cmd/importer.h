/* importer.h -- the role `stock` of serve: works through the stock files that came over the API. */
#ifndef CMD_IMPORTER_H
#define CMD_IMPORTER_H

/* arg: struct app. Works until told to stop; a file that is being taken over is taken over again after the next start. */
int importer_role(void *arg);

#endif
