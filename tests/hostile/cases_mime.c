/* cases_mime.c -- MIME, XOP and HTTP framing. */
#include "tests/hostile/plain_check.h"

#include <string.h>

#include "ingest/limits.h"
#include "tests/hostile/beyond.h"
#include "tests/hostile/hostile.h"

#define SHIPMENT     TRANSFER(INCLUDE("d1@vu"))
#define ONE          ROOT SHIPMENT
#define D1           PART("d1@vu", "%PDF-")
#define D1_FORMAT    PART("d1@vu", "%%PDF-") /* in a format */
#define HEADED(head) "\r\n--b-1\r\n" head "\r\n\r\n%PDF-"
#define WITH(type)   "multipart/related; start=\"<root@vu>\"; " type

static const struct {
	const char *why, *type, *body;
	enum refusal refusal;
} mime[] = {
	{ "bytes behind the end", RELATED, ONE D1 CLOSE "EVIL", REFUSAL_EPILOGUE },
	{ "a part behind the end", RELATED, ONE D1 CLOSE "--b-1\r\n\r\nEVIL" CLOSE,
	  REFUSAL_EPILOGUE },
	{ "cut in the head of a part", RELATED, ONE "\r\n--b-1\r\nContent-Ty", REFUSAL_PART_CUT },
	{ "cut behind a delimiter", RELATED, ONE "\r\n--b-1\r\n", REFUSAL_PART_CUT },
	{ "half a closing delimiter", RELATED, ONE D1 "\r\n--b-1-", REFUSAL_PART_CUT },
	{ "closing delimiter first", RELATED, "--b-1--\r\n", REFUSAL_NO_PART },
	{ "a header without a colon", RELATED, ONE HEADED("Content-ID <d1@vu>") CLOSE,
	  REFUSAL_PART_HEADER },
	{ "a header without a name", RELATED, ONE HEADED(": d1@vu") CLOSE, REFUSAL_PART_HEADER },
	{ "a folded line with nothing above it", RELATED, ONE HEADED(" folded: yes") CLOSE,
	  REFUSAL_PART_MISSING },
	{ "Content-ID twice in a head", RELATED,
	  ONE HEADED("Content-ID: <d1@vu>\r\nContent-ID: <d2@vu>") CLOSE,
	  REFUSAL_PART_HEADER_TWICE },
	{ "Content-Type twice in a head", RELATED,
	  ONE HEADED("Content-ID: <d1@vu>\r\nContent-Type: a/b\r\ncontent-type: c/d") CLOSE,
	  REFUSAL_PART_HEADER_TWICE },
	{ "encoding twice in a head", RELATED,
	  ONE HEADED("Content-Transfer-Encoding: 8bit\r\nContent-Transfer-Encoding: base64") CLOSE,
	  REFUSAL_PART_HEADER_TWICE },
	{ "uuencoded", RELATED,
	  ONE HEADED("Content-ID: <d1@vu>\r\nContent-Transfer-Encoding: x-uuencode") CLOSE,
	  REFUSAL_PART_ENCODING },
	{ "gzip as an encoding", RELATED,
	  ONE HEADED("Content-ID: <d1@vu>\r\nContent-Transfer-Encoding: gzip") CLOSE,
	  REFUSAL_PART_ENCODING },
	{ "multipart/mixed in a part", RELATED,
	  ONE HEADED("Content-ID: <d1@vu>\r\nContent-Type: multipart/mixed; boundary=z") CLOSE,
	  REFUSAL_PART_NESTED },
	{ "start names no part", WITH("boundary=b-1; type=x") "; start-info=x",
	  "--b-1\r\nContent-ID: <other@vu>\r\n\r\n" SHIPMENT D1 CLOSE, REFUSAL_NO_ROOT_PART },
	{ "start names the document", "multipart/related; boundary=b-1; start=\"<d1@vu>\"",
	  ONE D1 CLOSE, REFUSAL_XML_CUT },
	{ "start twice", "multipart/related; boundary=b-1; start=a; start=b", ONE D1 CLOSE,
	  REFUSAL_CONTENT_TYPE },
	{ "type twice", "multipart/related; boundary=b-1; type=a; type=b; charset=x; charset=y",
	  ONE D1 CLOSE, REFUSAL_CONTENT_TYPE },
	{ "empty boundary", "multipart/related; boundary=\"\"", ONE D1 CLOSE, REFUSAL_BOUNDARY },
	{ "boundary that ends in a blank", "multipart/related; boundary=\"b-1 \"", ONE D1 CLOSE,
	  REFUSAL_BOUNDARY },
	{ "boundary with a line end", "multipart/related; boundary=\"b\r\n1\"", ONE D1 CLOSE,
	  REFUSAL_BOUNDARY },
	{ "boundary of 71",
	  "multipart/related; boundary="
	  "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb",
	  ONE D1 CLOSE, REFUSAL_BOUNDARY },
	{ "a first line that is no delimiter, none said", "multipart/related", "--\r\n\r\nx",
	  REFUSAL_NO_DELIMITER },
	{ "a delimiter of control characters, none said", "multipart/related", "--\x01\r\n\r\nx",
	  REFUSAL_BOUNDARY },
	{ "a reference of %00", RELATED, ROOT TRANSFER(INCLUDE("d1%00@vu")) D1 CLOSE,
	  REFUSAL_PART_MISSING },
	{ "a reference with <>", RELATED, ROOT TRANSFER(INCLUDE("&lt;d1@vu&gt;")) D1 CLOSE,
	  REFUSAL_PART_MISSING },
	{ "a reference to the root", RELATED, ROOT TRANSFER(INCLUDE("root@vu")) CLOSE,
	  REFUSAL_PART_MISSING },
	{ "Include with a child", RELATED,
	  ROOT TRANSFER(DATA("<x:Include href=\"cid:d1@vu\"><v:x/></x:Include>")) D1 CLOSE,
	  REFUSAL_DATA_ELEMENT },
	{ "Include in an Include", RELATED,
	  ROOT TRANSFER(
		  DATA("<x:Include href=\"cid:d1@vu\"><x:Include href=\"cid:d1@vu\"/></x:Include>"))
		  D1 CLOSE,
	  REFUSAL_DATA_ELEMENT },
	{ "Include as the answer", RELATED, ROOT BODY("<x:Include href=\"cid:d1@vu\"/>") D1 CLOSE,
	  REFUSAL_NO_ANSWER },
	{ "an attachment to an acknowledgement", RELATED,
	  ROOT BODY("<t:acknowledgeShipmentResponse><t:Response>" OK_STATUS
		    "</t:Response></t:acknowledgeShipmentResponse>") D1 CLOSE,
	  REFUSAL_PART_UNEXPECTED },
	{ "base64 part with a byte that is none", RELATED,
	  ONE
	  "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <d1@vu>\r\n\r\nQU$D" CLOSE,
	  REFUSAL_BASE64_BYTE },
	{ "base64 part cut in a group", RELATED,
	  ONE
	  "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <d1@vu>\r\n\r\nQUJ" CLOSE,
	  REFUSAL_BASE64_CUT },
	{ "base64 part that goes on", RELATED,
	  ONE
	  "\r\n--b-1\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <d1@vu>\r\n\r\nQQ==QQ==" CLOSE,
	  REFUSAL_BASE64_PADDING },
	{ "a DOCTYPE in the root part", RELATED, ROOT "<!DOCTYPE x><x/>" CLOSE, REFUSAL_DOCTYPE },
	{ "a root part of UTF-7", RELATED,
	  ROOT "<?xml version=\"1.0\" encoding=\"UTF-7\"?><x/>" CLOSE, REFUSAL_ENCODING_UNKNOWN },
};

static void add_mime_limits(struct hostile_list *list, TALLOC_CTX *mem)
{
	const struct {
		const char *why, *body;
		enum refusal refusal;
	} bounds[] = {
		{ "forty-one headers",
		  talloc_asprintf(mem, ONE "\r\n--b-1\r\n%s\r\nx" CLOSE,
				  many("X: y\r\n", PART_HEADERS_MOST + 1, mem)),
		  REFUSAL_PART_HEADERS_MANY },
		{ "a header line of 8193",
		  talloc_asprintf(mem, ONE "\r\n--b-1\r\nX:%s\r\n\r\nx" CLOSE,
				  many("x", HEADER_LINE_MOST + 1, mem)),
		  REFUSAL_PART_HEADER_LONG },
		{ "a header folded for ever",
		  talloc_asprintf(mem, ONE "\r\n--b-1\r\nX:%s", many("\r\n x", 2000000, mem)),
		  REFUSAL_PART_HEADER_LONG },
		{ "a preamble without end", many("x\r\n", 1000000, mem), REFUSAL_NO_DELIMITER },
		{ "ten thousand parts",
		  talloc_asprintf(mem, ONE "%s" CLOSE, many("\r\n--b-1\r\n\r\nx", 10000, mem)),
		  REFUSAL_PARTS_MANY },
		{ "30 MB and no end",
		  talloc_asprintf(mem, ONE D1_FORMAT "%s", many("x", 30000000, mem)),
		  REFUSAL_PART_CUT },
		{ "ten million delimiters, but one letter",
		  talloc_asprintf(mem, ONE D1_FORMAT "%s", many("\r\n--b-1x", 2000000, mem)),
		  REFUSAL_PART_CUT },
	};

	for (size_t i = 0; i < sizeof bounds / sizeof *bounds; i++)
		hostile_add(list, CLASS_MIME, bounds[i].why, bounds[i].body, bounds[i].refusal)
			->type = RELATED;
}

void cases_mime(struct hostile_list *list, TALLOC_CTX *mem)
{
	for (size_t i = 0; i < sizeof mime / sizeof *mime; i++)
		hostile_add(list, CLASS_MIME, mime[i].why, mime[i].body, mime[i].refusal)->type =
			mime[i].type;
	add_mime_limits(list, mem);
}

/* --- HTTP --- */

#define OK_LINE "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
#define CHUNKED OK_LINE "Transfer-Encoding: chunked\r\n\r\n"
#define EMPTY   LIST("")

static const struct {
	const char *why, *text;
	enum hostile_want want;
	enum refusal refusal;
} http[] = {
	{ "until the connection closes", OK_LINE "\r\n" EMPTY, WANT_READ, 0 },
	{ "interim heads",
	  "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\n" OK_LINE "\r\n" EMPTY,
	  WANT_READ, 0 },
	{ "cut in the status line", "HTTP/1.1 20", WANT_TRANSPORT, 0 },
	{ "cut in the head", OK_LINE "Content-Le", WANT_TRANSPORT, 0 },
	{ "cut before its length", OK_LINE "Content-Length: 99999\r\n\r\n" EMPTY, WANT_TRANSPORT,
	  0 },
	{ "nothing of its length", OK_LINE "Content-Length: 10\r\n\r\n", WANT_TRANSPORT, 0 },
	{ "no last chunk", CHUNKED "5\r\n<?xml\r\n", WANT_TRANSPORT, 0 },
	{ "cut in a chunk", CHUNKED "ffff\r\n<?xml", WANT_TRANSPORT, 0 },
	{ "cut in the trailer", CHUNKED "0\r\nX: y\r\n", WANT_TRANSPORT, 0 },
	{ "longer than its length", OK_LINE "Content-Length: 3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_BEHIND },
	{ "two lengths", OK_LINE "Content-Length: 3\r\nContent-Length: 30\r\n\r\n" EMPTY,
	  WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "length and chunks",
	  OK_LINE "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "negative length", OK_LINE "Content-Length: -3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "length with a plus", OK_LINE "Content-Length: +3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "length in hexadecimal", OK_LINE "Content-Length: 0x3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "a list of lengths", OK_LINE "Content-Length: 3, 3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "a length beyond 64 bits", OK_LINE "Content-Length: 18446744073709551617\r\n\r\n" EMPTY,
	  WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "gzip below chunks", OK_LINE "Transfer-Encoding: gzip, chunked\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "an unknown transfer coding", OK_LINE "Transfer-Encoding: xchunked\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "chunked twice", OK_LINE "Transfer-Encoding: chunked, chunked\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "compressed", OK_LINE "Content-Encoding: gzip\r\n\r\n", WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "two Content-Type", OK_LINE "Content-Type: multipart/related; boundary=x\r\n\r\n",
	  WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "a header without a colon", OK_LINE "Content-Length 3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "a folded header", OK_LINE " folded\r\n\r\n" EMPTY, WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "a blank in front of the colon", OK_LINE "Content-Length : 3\r\n\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_HEAD },
	{ "no status", "HTTP/1.1 OK\r\n\r\n" EMPTY, WANT_REFUSED, REFUSAL_HTTP_HEAD },
	{ "a chunk of 0x", CHUNKED "0x3\r\nabc\r\n0\r\n\r\n", WANT_REFUSED, REFUSAL_HTTP_CHUNK },
	{ "a chunk line with a bare LF", CHUNKED "3\nabc\r\n0\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_CHUNK },
	{ "a blank before the size", CHUNKED " 3\r\nabc\r\n0\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_CHUNK },
	{ "a chunk longer than it says", CHUNKED "2\r\nabc\r\n0\r\n\r\n", WANT_REFUSED,
	  REFUSAL_HTTP_CHUNK },
	{ "a size of sixteen digits", CHUNKED "1000000000000000\r\nabc", WANT_REFUSED,
	  REFUSAL_HTTP_CHUNK },
	{ "a negative size", CHUNKED "-1\r\nabc\r\n0\r\n\r\n", WANT_REFUSED, REFUSAL_HTTP_CHUNK },
	{ "no size", CHUNKED "\r\nabc", WANT_REFUSED, REFUSAL_HTTP_CHUNK },
	{ "an answer behind the answer", CHUNKED "0\r\n\r\n" OK_LINE "\r\n" EMPTY, WANT_REFUSED,
	  REFUSAL_HTTP_BEHIND },
};

void cases_http(struct hostile_list *list, TALLOC_CTX *mem)
{
	struct hostile_case *c;

	for (size_t i = 0; i < sizeof http / sizeof *http; i++) {
		c = hostile_add(list, CLASS_HTTP, http[i].why, http[i].text, http[i].refusal);
		c->want = http[i].want;
		c->http = true;
	}
	c = hostile_add(list, CLASS_HTTP, "a head of a megabyte",
			talloc_asprintf(mem, OK_LINE "X: %s", many("x", 1 << 20, mem)),
			REFUSAL_HTTP_HEAD);
	c->http = true;
	c = hostile_add(list, CLASS_HTTP, "a chunk line without end",
			talloc_asprintf(mem, CHUNKED "1;%s", many("x", 100000, mem)),
			REFUSAL_HTTP_CHUNK);
	c->http = true;
}
