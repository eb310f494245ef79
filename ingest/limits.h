/*
 * limits.h -- every bound that is put on what an insurer sends, in one place, but for the two that his file sets (struct reader_limits).
 * Beyond it an answer is refused (ERR_DELIVERY), unless a line says otherwise. Our own patience and time-outs stand where they
 * are used (http.h, shipment.c, throttle.h), what the operator's files may hold does, too (secret.h, identity.c).
 *
 * Each length, count and moment is tested at the limit and one beyond it, by its name here; that a test names it, tests/house/rules.sh
 * holds. In tests/ingest: http_head_test.c, saved_http_test.c, http_test.c; sts_test.c (a login); poll_test.c (a round);
 * reader_limits_test.c with tests/hostile/beyond.h (XML and what it says); multipart_test.c; trust_test.c, trust_mtom_test.c,
 * trust_certificate_test.c (a signature); reading_test.c (a reading process); inspect_test.c, inspect_limits_test.c (a document);
 * schema_limits_test.c, schema_notes_test.c; sniff_test.c. Memory and computing time of a process have no "one beyond":
 * reading_test.c and schema_test.c go far beyond some, tests/hostile measures what its cases take.
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

/* HTTP: an answer whose head is beyond these is fetched again (ERR_RETRY), a saved one is refused */
#define HTTP_HEAD_LINES_MOST    200
#define HTTP_HEAD_BYTES_MOST    65536
#define HTTP_CONTENT_TYPE_MOST  1023 /* bytes of its value */
#define HTTP_LENGTH_DIGITS_MOST 15   /* of a Content-Length, of a chunk's size in a saved answer */
#define HTTP_RETRY_AFTER_MOST_S (24 * 3600) /* who asks for more is left alone for so long */

/* and its body */
#define HTTP_CHUNK_LINE_MOST 256           /* bytes with the CR, in a saved answer */
#define FAULT_BYTES_MOST     (1024 * 1024) /* of an answer with status 400 or more: a fault is small */
#define DROPPED_BYTES_MOST                                                                         \
	(64 * 1024) /* of a body that nobody wants; after more the connection is closed */

/* a login */
#define TOKEN_MOST_MS (24 * 3600 * 1000) /* a token that lives longer is used for so long */

/* a round: beyond it the rest waits for the next one */
#define POLL_PASSES_MOST 200 /* lists: an insurer may cap his */

/* XML */
#define XML_DEPTH_MOST         64
#define XML_ELEMENTS_MOST      1000000
#define XML_ATTRIBUTES_MOST    64    /* of one element */
#define XML_ATTRIBUTE_LEN_MOST 65536 /* of one attribute's value */
#define XML_NAME_LEN_MOST      256   /* of an element's or attribute's local name */
#define XML_MARKUP_MOST                                                                            \
	(1 << 20) /* bytes of one tag or comment, and held back of a CDATA section outside Daten */
#define XML_DECLARATION_MOST 256 /* bytes of <?xml ...?> with a byte order mark in front */

/* what the answer says */
#define FIELD_TEXT_MOST      65536 /* bytes of one field */
#define SHIPMENT_ID_LEN_MOST 255
#define MESSAGES_MOST        100
#define TRANSFERS_MOST       10000
#define TRANSFERS_SAID_MOST  1000000 /* by AnzahlTransfers: what is there is held against it */
#define DOCUMENTS_MOST       1000    /* of one transfer */
#define NUMBERS_MOST         1000    /* of one transfer */
#define WARNINGS_MOST        100     /* later ones are dropped */

/* MIME */
#define START_MOST            4096 /* white space in front of an answer */
#define PARTS_MOST            1024 /* the root and, with MTOM, every document of a shipment */
#define PART_HEADERS_MOST     40
#define HEADER_LINE_MOST      8192 /* unfolded */
#define BOUNDARY_LEN_MOST     70
#define PREAMBLE_MOST         65536
#define DELIMITER_BLANKS_MOST 256 /* between a delimiter and its line end */

/* a signed answer, which is held in memory as a whole */
#define SIGNED_ANSWER_MOST     (8 * 1024 * 1024) /* bytes, with its documents as base64 */
#define SIGNED_ELEMENTS_MOST   100000
#define SIGNED_NAMESPACES_MOST 256   /* in scope at one place: canonicalisation asks each of them */
#define SIGNED_IDS_MOST        10000 /* attributes that could be an id */
#define SIGNED_REFERENCES_MOST 16
#define SIGNED_PREFIXES_MOST   1024 /* bytes of an InclusiveNamespaces PrefixList */

#define SIGNED_SKEW_MS                                                                             \
	(60 * 1000) /* their clock may be ahead by so much; Expires may be past by less */
#define SIGNED_AGE_MOST_MS  (6 * 60 * 1000)  /* of an answer since it was signed */
#define SIGNED_LIFE_MOST_MS (15 * 60 * 1000) /* between its Created and Expires */

#define CERTIFICATE_DEPTH_MOST 3   /* authorities between a signer and one that is trusted */
#define SIGNER_LEN_MOST        240 /* bytes of a signer's subject that are kept */

/* a reading process (reading.h) */
#define READER_MEMORY_MIB        40    /* private memory, where no signature counts */
#define READER_SIGNED_MEMORY_MIB 52    /* with a signed answer: a tree, and canonicalised */
#define READER_CPU_MS            1000  /* computing time for one answer, and for each */
#define READER_BYTES_PER_MS      20000 /* of it a millisecond more */
#define READER_ANSWERS_MOST      1000  /* then a fresh process takes over */
#define FACTS_MOST               (64u * 1024 * 1024) /* bytes of one answer's facts, as the process says them */

/* what stands inside a document (inspect.h): beyond it the document is kept as it came, and not looked into any further */
#define INSPECT_CPU_MS     1000
#define INSPECT_MEMORY_MIB 40                 /* private memory: the document itself is not held */
#define INSPECT_FILE_MOST  (64 * 1024 * 1024) /* bytes of the document */
#define INSPECT_TEXT_MOST  200000             /* bytes of its words that can be searched */
#define PDF_PAGES_MOST     500
#define PDF_WORDS_MOST     100000
#define PDF_WORD_LEN_MOST  256 /* bytes; a longer one is several */
#define ZIP_ENTRIES_MOST   1000
#define ZIP_NAME_LEN_MOST  255 /* a longer one is an odd one */
#define ZIP_UNPACKED_MOST  (1024ll * 1024 * 1024)
#define ZIP_RATIO_MOST     100 /* bytes unpacked for each of the archive */
/* and no depth: an archive in an archive is an entry and not opened (inspect_limits_test.c, an_archive_in_an_archive) */

/* advice about an answer (schema.h): beyond it the advice ends, the delivery goes its way */
#define SCHEMA_SETS_MOST  64   /* subfolders of schemas */
#define SCHEMA_FILES_MOST 1000 /* of a set */
#define SCHEMA_BYTES_MOST (32 * 1024 * 1024)
#define SCHEMA_DEPTH_MOST 8 /* folders in folders */
#define SCHEMA_MEMORY_MIB 256
#define SCHEMA_COMPILE_MS 5000  /* computing time */
#define SCHEMA_CPU_MS     1000  /* for an answer, and READER_BYTES_PER_MS */
#define SCHEMA_WAIT_MS    10000 /* for an answer, by the clock */
#define SCHEMA_SCOPE_MOST                                                                          \
	64 /* namespaces that the envelope declares, and the element in its Body */
#define SCHEMA_TEXT_MOST     65536 /* bytes of one element: what follows is not held against its type */
#define SCHEMA_BREACHES_MOST 100   /* different ones of an answer; more are only counted */
#define SCHEMA_TIMES_MOST    10000 /* then the rest of the answer is not looked at */
#define SCHEMA_WORD_MOST     300   /* bytes of a way, of which the end is kept, or of a detail */
#define SCHEMA_KINDS_MOST    200   /* different ones that are kept of a connection */

#define SNIFF_BYTES 4096 /* of a document, kept to tell its type */

#endif
