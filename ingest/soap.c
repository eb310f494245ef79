#include "ingest/soap.h"

#include <string.h>

#define NS_SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_WSSE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define NS_WSU  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define PASSWORD_TEXT                                                                              \
	"http://docs.oasis-open.org/wss/2004/01/"                                                  \
	"oasis-200401-wss-username-token-profile-1.0#PasswordText"
#define NS_TRUST       "http://schemas.xmlsoap.org/ws/2005/02/trust"
#define NS_SC          "http://schemas.xmlsoap.org/ws/2005/02/sc"
#define NS_TRANSFER    "http://www.bipro.net/namespace/transfer"
#define NS_NACHRICHTEN "http://www.bipro.net/namespace/nachrichten"
#define NS_ALLGEMEIN   "http://www.bipro.net/namespace/allgemein"

/* Wrapper names as written by newer and by older releases. */
static const struct {
	const char *camel, *capital;
} names[SOAP_OPERATIONS] = {
	[SOAP_LOGIN] = { "RequestSecurityToken", "RequestSecurityToken" },
	[SOAP_CANCEL] = { "RequestSecurityToken", "RequestSecurityToken" },
	[SOAP_LIST] = { "listShipments", "ListShipments" },
	[SOAP_GET] = { "getShipment", "GetShipment" },
	[SOAP_ACKNOWLEDGE] = { "acknowledgeShipment", "AcknowledgeShipment" },
};

static const char *wrapper(enum soap_operation operation, const struct profile *profile)
{
	return profile->wrappers == WRAPPER_CAPITAL ? names[operation].capital
						    : names[operation].camel;
}

static int text_wipe(struct soap_text *t)
{
	if (t->text)
		explicit_bzero(t->text, t->room);
	return 0;
}

/* Grows by hand: talloc_realloc would leave the old copy with the secret in free memory. */
static void make_room(struct soap_text *t, size_t more)
{
	size_t room = 2 * (t->len + more) + 2048;
	char *text;

	if (t->len + more < t->room)
		return;
	text = talloc_zero_size(t, room);
	if (t->text) {
		memcpy(text, t->text, t->len);
		explicit_bzero(t->text, t->room);
		talloc_free(t->text);
	}
	t->text = text;
	t->room = room;
}

static void put(struct soap_text *t, const char *xml)
{
	size_t len = strlen(xml);

	make_room(t, len);
	memcpy(t->text + t->len, xml, len + 1);
	t->len += len;
}

/* Line ends and tabs would be changed by the reader at the other end unless they are references. */
static const char *escape(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&apos;";
	case '\t':
		return "&#9;";
	case '\n':
		return "&#10;";
	case '\r':
		return "&#13;";
	default:
		return NULL;
	}
}

static void put_value(struct soap_text *t, const char *value)
{
	for (; *value; value++) {
		const char *escaped = escape(*value);
		char plain[2] = { *value, '\0' };

		put(t, escaped ? escaped : plain);
	}
}

/* <name>value</name>; nothing if there is no value. name may bring attributes. */
static void put_element(struct soap_text *t, const char *name, const char *value)
{
	size_t len = strcspn(name, " ");

	if (!value)
		return;
	put(t, "<");
	put(t, name);
	put(t, ">");
	put_value(t, value);
	put(t, "</");
	make_room(t, len);
	memcpy(t->text + t->len, name, len);
	t->len += len;
	t->text[t->len] = '\0';
	put(t, ">");
}

static void put_credential(struct soap_text *t, const struct soap_values *values)
{
	put(t, "<s:Header><o:Security xmlns:o=\"" NS_WSSE "\" s:mustUnderstand=\"1\">"
	       "<o:UsernameToken>");
	put_element(t, "o:Username", values->username);
	put_element(t, "o:Password Type=\"" PASSWORD_TEXT "\"", values->password);
	put(t, "</o:UsernameToken></o:Security></s:Header>");
}

/* The session in the header of every other call. A cancel refers to it by its id. */
static void put_session(struct soap_text *t, const struct soap_values *values, bool with_id)
{
	put(t, "<s:Header><o:Security xmlns:o=\"" NS_WSSE "\">"
	       "<c:SecurityContextToken xmlns:c=\"" NS_SC "\"");
	if (with_id)
		put(t, " xmlns:u=\"" NS_WSU "\" u:Id=\"sct\"");
	put(t, ">");
	put_element(t, "c:Identifier", values->token);
	put(t, "</c:SecurityContextToken></o:Security></s:Header>");
}

static void put_trust(struct soap_text *t, const char *request_type)
{
	put(t, "<w:RequestSecurityToken xmlns:w=\"" NS_TRUST "\">"
	       "<w:TokenType>" NS_SC "/sct</w:TokenType>");
	put_element(t, "w:RequestType", request_type);
}

static void put_login(struct soap_text *t, const struct profile *profile,
		      const struct soap_values *values)
{
	const char *version =
		profile->sts_version ? profile->sts_version : profile->transfer_version;

	put_credential(t, values);
	put(t, "<s:Body>");
	put_trust(t, NS_TRUST "/Issue");
	put_element(t,
		    profile->messages == MESSAGE_ALLGEMEIN
			    ? "n:BiPROVersion xmlns:n=\"" NS_ALLGEMEIN "\""
			    : "n:BiPROVersion xmlns:n=\"" NS_NACHRICHTEN "\"",
		    version);
	put(t, "</w:RequestSecurityToken></s:Body>");
}

static void put_cancel(struct soap_text *t, const struct soap_values *values)
{
	put_session(t, values, true);
	put(t, "<s:Body>");
	put_trust(t, NS_TRUST "/Cancel");
	put(t, "<w:CancelTarget><o:SecurityTokenReference xmlns:o=\"" NS_WSSE "\">"
	       "<o:Reference URI=\"#sct\"/></o:SecurityTokenReference></w:CancelTarget>"
	       "</w:RequestSecurityToken></s:Body>");
}

static void put_flag(struct soap_text *t, const struct profile *profile)
{
	if (profile->flag != FLAG_OMIT)
		put_element(t, "t:BestaetigeLieferungen",
			    profile->flag == FLAG_TRUE ? "true" : "false");
}

/* The children stand in the order of the schema's sequence. */
static void put_transfer(struct soap_text *t, enum soap_operation operation,
			 const struct profile *profile, const struct soap_values *values)
{
	bool old = profile->messages == MESSAGE_ALLGEMEIN;
	const char *name = wrapper(operation, profile);

	put_session(t, values, false);
	put(t, "<s:Body><t:");
	put(t, name);
	put(t, " xmlns:t=\"" NS_TRANSFER "\" xmlns:n=\"");
	put(t, old ? NS_ALLGEMEIN : NS_NACHRICHTEN);
	put(t, "\"><t:Request>");
	put_element(t, "n:BiPROVersion", profile->transfer_version);
	put_element(t, old ? "t:ConsumerID" : "n:ConsumerID", values->consumer_id);
	if (operation == SOAP_LIST)
		put_element(t, "t:KategorieDerLieferung", profile->category);
	else
		put_element(t, "t:ID", values->shipment_id);
	if (operation == SOAP_LIST || (operation == SOAP_GET && old))
		put_flag(t, profile);
	put(t, "</t:Request></t:");
	put(t, name);
	put(t, "></s:Body>");
}

struct soap_text *soap_request(enum soap_operation operation, const struct profile *profile,
			       const struct soap_values *values, TALLOC_CTX *mem)
{
	struct soap_text *t = talloc_zero(mem, struct soap_text);

	talloc_set_destructor(t, text_wipe);
	put(t, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope xmlns:s=\"" NS_SOAP "\">");
	if (operation == SOAP_LOGIN)
		put_login(t, profile, values);
	else if (operation == SOAP_CANCEL)
		put_cancel(t, values);
	else
		put_transfer(t, operation, profile, values);
	put(t, "</s:Envelope>");
	return t;
}

char *soap_action(enum soap_operation operation, const struct profile *profile, TALLOC_CTX *mem)
{
	if (profile->action == ACTION_EMPTY)
		return talloc_strdup(mem, "");
	return talloc_asprintf(mem, "%s%s", profile->action == ACTION_URN ? "urn:" : "",
			       wrapper(operation, profile));
}
