/*
 * stock_id.h -- the ids that we give where the broker gave none.
 *
 * Events carry them out of the house, where no policy number and no customer number may stand: an id
 * is the beginning of a SHA-256, 80 bits as hexadecimal digits. Nothing random and nothing
 * remembered goes into it, so that every import, on every machine, gives the same contract the same
 * id. 80 bits do not collide by chance in any stock; it is a pseudonym, no secret (docs/stock.md).
 *
 * What is hashed are the parts, each as LENGTH:BYTES and a comma, so that no two lists of parts read
 * the same: "8:contract,4:5438,4:4711,".
 */
#ifndef MATCHER_STOCK_ID_H
#define MATCHER_STOCK_ID_H

#include <talloc.h>

#include "model/contract.h"

/* What tells a contract from the others of its delivery: the number; the line, too; and in a line the holder, or the number that
 * the broker gave the customer. */
enum told_by { TOLD_BY_NUMBER, TOLD_BY_LINE, TOLD_BY_HOLDER, TOLD_BY_CUSTOMER };

/*
 * "VU-" and 20 digits, of vu and number; as told_by says also of line, and of name, given name and
 * birth date, or of the customer_id. Blanks in the number do not count, any other difference does. vu and number are needed.
 */
char *contract_id_make(const struct contract *contract, enum told_by told_by, TALLOC_CTX *mem);

/* "VU-c" and 20 digits, of the number that this insurer gave the customer. */
char *customer_id_make(const char *vu, const char *number, TALLOC_CTX *mem);

/*
 * Who the customer is where nobody gave him a number: "p-" and 20 digits. It joins contracts only if
 * surname, given name, birth date and postcode are all known; otherwise every contract is a
 * customer of its own, because a wrong join would show one customer's documents to another. NULL if
 * not even a name is known. Needs the contract_id.
 */
char *customer_pseudonym(const struct contract *contract, TALLOC_CTX *mem);

#endif
