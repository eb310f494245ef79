/* exchange.h -- inside the room: what libmicrohttpd calls for each request, from head to end. */
#ifndef API_EXCHANGE_H
#define API_EXCHANGE_H

#include <microhttpd.h>

#define EXCHANGE_HEAD_MAX    (16 * 1024)       /* names and values of all header lines */
#define EXCHANGE_DISCARD_MAX (4 * 1024 * 1024) /* of a body that is not wanted, before it is cut */

enum MHD_Result exchange_step(void *server, struct MHD_Connection *connection, const char *url,
			      const char *method, const char *version, const char *data,
			      size_t *len, void **request);

void exchange_end(void *server, struct MHD_Connection *connection, void **request,
		  enum MHD_RequestTerminationCode how);

#endif
