/*
 * limits.h -- every bound the reader puts on what an insurer sends, in one place. Each is tested at the limit
 * and one beyond it (tests/ingest/reader_limits_test.c). Beyond it the answer is refused (ERR_DELIVERY).
 */
#ifndef INGEST_LIMITS_H
#define INGEST_LIMITS_H

/* XML */
#define XML_DEPTH_MOST         64
#define XML_ELEMENTS_MOST      1000000
#define XML_ATTRIBUTES_MOST    64        /* of one element */
#define XML_ATTRIBUTE_LEN_MOST 65536     /* of one attribute's value */
#define XML_NAME_LEN_MOST      256       /* of an element's or attribute's local name */
#define XML_MARKUP_MOST        (1 << 20) /* bytes of one tag, comment or CDATA section outside Daten */
#define XML_DECLARATION_MOST   256       /* bytes of <?xml ...?> */

/* what the answer says */
#define FIELD_TEXT_MOST      65536 /* bytes of one field */
#define SHIPMENT_ID_LEN_MOST 255
#define MESSAGES_MOST        100
#define TRANSFERS_MOST       10000
#define DOCUMENTS_MOST       1000 /* of one transfer */
#define NUMBERS_MOST         1000 /* of one transfer */
#define WARNINGS_MOST        100  /* later ones are dropped */

/* MIME */
#define PARTS_MOST            1024 /* the root and, with MTOM, every document of a shipment */
#define PART_HEADERS_MOST     40
#define HEADER_LINE_MOST      8192 /* unfolded */
#define BOUNDARY_LEN_MOST     70
#define PREAMBLE_MOST         65536
#define DELIMITER_BLANKS_MOST 256 /* between a delimiter and its line end */

/* a signed answer, which is held in memory as a whole */
#define SIGNED_ANSWER_MOST     (64 * 1024 * 1024)
#define SIGNED_ELEMENTS_MOST   200000
#define SIGNED_NAMESPACES_MOST 256   /* in scope at one place: canonicalisation asks each of them */
#define SIGNED_IDS_MOST        10000 /* attributes that could be an id */
#define SIGNED_REFERENCES_MOST 16
#define SIGNED_PREFIXES_MOST   1024 /* bytes of an InclusiveNamespaces PrefixList */

/* a saved HTTP answer */
#define HTTP_CHUNK_LINE_MOST 256

#define SNIFF_BYTES 4096 /* of a document, kept to tell its type */

#endif
