/* uuid7.h -- UUID version 7 (RFC 9562): sorts by the time it was made; text form, 36 characters. */
#ifndef BASE_UUID7_H
#define BASE_UUID7_H

#define UUID_TEXT_SIZE 37

/* Writes to out[UUID_TEXT_SIZE] and returns out. Ids made by one process never run backwards. */
char *uuid7_text(char out[UUID_TEXT_SIZE]);

#endif
