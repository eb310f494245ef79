# cmake -DFILE=... -DOUT=... -DNAME=... -P EmbedBytesScript.cmake: a file as the array NAME and its length NAME_len.
file(READ ${FILE} hex HEX)
string(LENGTH "${hex}" digits)
math(EXPR bytes "${digits} / 2")
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1," text "${hex}")
file(WRITE ${OUT} "/* Made from ${FILE} by cmake/EmbedBytesScript.cmake. */
#include <stddef.h>

extern const unsigned char ${NAME}[];
extern const size_t ${NAME}_len;

const unsigned char ${NAME}[] = { ${text} };
const size_t ${NAME}_len = ${bytes};
")
