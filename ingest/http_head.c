#include "ingest/http_head.h"
#include "ingest/limits.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <time.h>

void http_head_init(struct http_head *head)
{
	*head = (struct http_head){ .content_length = -1 };
}

/* An answer may have interim heads (100 Continue) before the one that counts. */
static bool status_line(struct http_head *head, const char *line, struct err *e)
{
	const char *blank = strchr(line, ' ');
	int lines = head->lines;
	size_t bytes = head->bytes;
	int status;

	if (!blank || sscanf(blank, "%3d", &status) != 1 || status < 100 || status > 599)
		return err_set(e, ERR_RETRY, "the answer has no readable HTTP status line");
	http_head_init(head);
	head->status = status;
	head->lines = lines;
	head->bytes = bytes;
	return true;
}

static bool all_digits(const char *text)
{
	return *text && text[strspn(text, "0123456789")] == '\0';
}

static bool take_content_length(struct http_head *head, const char *value, struct err *e)
{
	int64_t length = 0;

	if (!all_digits(value) || strlen(value) > HTTP_LENGTH_DIGITS_MOST)
		return err_set(e, ERR_RETRY, "the answer has an unreadable Content-Length");
	for (const char *p = value; *p; p++)
		length = length * 10 + (*p - '0');
	if (head->content_length >= 0 && head->content_length != length)
		return err_set(e, ERR_RETRY,
			       "the answer has two different Content-Length (%lld and %lld)",
			       (long long)head->content_length, (long long)length);
	head->content_length = length;
	return true;
}

static bool take_transfer_encoding(struct http_head *head, const char *value, struct err *e)
{
	if (strcasecmp(value, "chunked") || head->chunked)
		return err_set(e, ERR_RETRY,
			       "the answer has a Transfer-Encoding other than one plain chunked");
	head->chunked = true;
	return true;
}

static bool take_content_encoding(struct http_head *head, const char *value, struct err *e)
{
	(void)head;
	if (*value && strcasecmp(value, "identity"))
		return err_set(e, ERR_SETUP, "the answer is compressed, which was not asked for");
	return true;
}

static bool take_content_type(struct http_head *head, const char *value, struct err *e)
{
	if (strlen(value) > HTTP_CONTENT_TYPE_MOST)
		return err_set(e, ERR_RETRY, "the answer has a Content-Type of more than %d bytes",
			       HTTP_CONTENT_TYPE_MOST);
	if (*head->content_type && strcmp(head->content_type, value))
		return err_set(e, ERR_RETRY, "the answer has two different Content-Type");
	snprintf(head->content_type, sizeof head->content_type, "%s", value);
	return true;
}

/* RFC 9110: seconds, or a date in the one form that may still be sent. What cannot be read is as
 * good as absent. */
static int retry_after(const char *value, int64_t wall_ms)
{
	struct tm tm = { 0 };
	int64_t s = 0;

	if (all_digits(value)) {
		s = strlen(value) > 9 ? HTTP_RETRY_AFTER_MOST_S : 0;
		for (const char *p = value; !s && *p; p++)
			if (*p != '0')
				sscanf(p, "%9ld", &s);
	} else {
		const char *end = strptime(value, "%a, %d %b %Y %H:%M:%S GMT", &tm);

		if (end && !*end)
			s = (int64_t)timegm(&tm) - wall_ms / 1000;
	}
	if (s < 0)
		return 0;
	return s > HTTP_RETRY_AFTER_MOST_S ? HTTP_RETRY_AFTER_MOST_S : (int)s;
}

static const struct {
	const char *name;
	bool (*take)(struct http_head *head, const char *value, struct err *e);
} fields[] = {
	{ "Content-Length", take_content_length },
	{ "Transfer-Encoding", take_transfer_encoding },
	{ "Content-Encoding", take_content_encoding },
	{ "Content-Type", take_content_type },
};

/* cut: it was longer than this line. */
static bool field_line(struct http_head *head, char *line, bool cut, int64_t wall_ms, struct err *e)
{
	char *value = strchr(line, ':');

	if (!value)
		return err_set(e, ERR_RETRY, "the answer has a header line without a colon");
	if (value == line || value[-1] == ' ' || value[-1] == '\t')
		return err_set(e, ERR_RETRY, "the answer has a blank in front of a header's colon");
	*value++ = '\0';
	value += strspn(value, " \t");
	if (!cut && !strcasecmp(line, "Retry-After"))
		head->retry_after_s = retry_after(value, wall_ms);
	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
		if (!strcasecmp(line, fields[i].name))
			return cut ? err_set(e, ERR_RETRY, "the answer has a %s that is too long",
					     fields[i].name)
				   : fields[i].take(head, value, e);
	return true;
}

static bool final_line(struct http_head *head, struct err *e)
{
	if (head->status < 200)
		return true;
	if (head->chunked && head->content_length >= 0)
		return err_set(e, ERR_RETRY, "the answer has both Content-Length and chunked");
	head->complete = true;
	return true;
}

bool http_head_line(struct http_head *head, const char *raw, size_t len, int64_t wall_ms,
		    struct err *e)
{
	char line[HTTP_CONTENT_TYPE_MOST + 512];
	bool cut;

	head->lines++;
	head->bytes += len;
	if (head->lines > HTTP_HEAD_LINES_MOST || head->bytes > HTTP_HEAD_BYTES_MOST)
		return err_set(
			e, ERR_RETRY,
			"the answer's head is too large (%d lines, %zu bytes; limits %d, %d)",
			head->lines, head->bytes, HTTP_HEAD_LINES_MOST, HTTP_HEAD_BYTES_MOST);
	if (head->complete)
		return true;
	if (memchr(raw, '\0', len))
		return err_set(e, ERR_RETRY, "the answer's head holds a NUL byte");
	while (len && strchr(" \t\r\n", raw[len - 1]))
		len--;
	if (len == 0)
		return final_line(head, e);
	/* Long lines hold cookies and policies; the fields that count are short. */
	cut = (size_t)snprintf(line, sizeof line, "%.*s", (int)len, raw) >= sizeof line;
	if (!strncmp(line, "HTTP/", 5))
		return status_line(head, line, e);
	return field_line(head, line, cut, wall_ms, e);
}

static bool type_is(const char *content_type, const char *type)
{
	size_t len = strcspn(content_type, "; \t");

	return len == strlen(type) && !strncasecmp(content_type, type, len);
}

bool http_type_is_soap(const char *content_type)
{
	return type_is(content_type, "text/xml") || type_is(content_type, "application/xml") ||
	       type_is(content_type, "application/soap+xml") ||
	       type_is(content_type, "application/xop+xml") ||
	       type_is(content_type, "multipart/related");
}

bool http_type_is_page(const char *content_type)
{
	return type_is(content_type, "text/html") || type_is(content_type, "application/xhtml+xml");
}

static bool passes_by_itself(int status)
{
	return status >= 500 || status == 408 || status == 425 || status == 429;
}

bool http_refusal(int status, int retry_after_s, struct err *e)
{
	if (status == 401 || status == 403)
		err_set_code(e, ERR_RETRY, "00962", "access was refused (HTTP %d)", status);
	else if (passes_by_itself(status))
		err_set(e, ERR_RETRY, "the service answers HTTP %d%s", status,
			status == 429 ? " (too many requests)" : "");
	else if (status == 302 || status == 303 || status == 307)
		err_set(e, ERR_RETRY,
			"the service sends us elsewhere temporarily (HTTP %d); redirects are not followed",
			status);
	else if (status >= 300 && status < 400)
		err_set(e, ERR_SETUP,
			"the service has moved (HTTP %d); redirects are not followed, the connection needs "
			"the new address",
			status);
	else if (status == 404 || status == 405 || status == 410)
		err_set(e, ERR_SETUP, "there is no such service at this address (HTTP %d)", status);
	else
		err_set(e, ERR_SETUP, "the service refuses the request (HTTP %d)", status);
	if (e && e->kind == ERR_RETRY && !e->retry_after_s)
		e->retry_after_s = retry_after_s;
	return false;
}
