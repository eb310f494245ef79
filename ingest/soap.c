#include "ingest/soap.h"

#include <string.h>

#include "ingest/trust_sign.h"

#define NS_SOAP "http://schemas.xmlsoap.org/soap/envelope/"
#define NS_WSSE "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
#define NS_WSU  "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd"
#define PASSWORD_TEXT                                                                              \
	"http://docs.oasis-open.org/wss/2004/01/"                                                  \
	"oasis-200401-wss-username-token-profile-1.0#PasswordText"
#define X509_TOKEN                                                                                 \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-x509-token-profile-1.0#X509v3"
#define AS_BASE64                                                                                  \
	"http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-soap-message-security-1.0#Base64Binary"
#define NS_TRUST       "http://schemas.xmlsoap.org/ws/2005/02/trust"
#define NS_SC          "http://schemas.xmlsoap.org/ws/2005/02/sc"
#define NS_ADDRESSING  "http://schemas.xmlsoap.org/ws/2004/08/addressing/" /* with this slash */
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

/* ---- the token service ---- */

/* Its Header as far as the first token in it. */
static void put_security(struct soap_text *t, enum soap_operation operation,
			 const struct profile *profile, const struct soap_values *values)
{
	bool login = operation == SOAP_LOGIN, vema = profile->sts_dialect == STS_VEMA;

	put(t, "<s:Header>");
	if (vema)
		put_element(t, "a:Action xmlns:a=\"" NS_ADDRESSING "\"",
			    login ? NS_TRUST "/RST/SCT" : NS_TRUST "/RST/SCT/Cancel");
	put(t, "<o:Security xmlns:o=\"" NS_WSSE "\"");
	if (login && values->login == LOGIN_CERTIFICATE)
		put(t, " xmlns:u=\"" NS_WSU "\"");
	if (login || vema)
		put(t, " s:mustUnderstand=\"1\"");
	put(t, vema ? " s:actor=\"\">" : ">");
}

/* What is to be signed has an id: time, token and, outside, the Body. */
static void put_certificate(struct soap_text *t, const struct soap_values *values)
{
	put(t, "<u:Timestamp u:Id=\"" SIGN_TIMESTAMP_ID "\">");
	put_element(t, "u:Created", values->created);
	put_element(t, "u:Expires", values->expires);
	put(t, "</u:Timestamp><o:BinarySecurityToken EncodingType=\"" AS_BASE64
	       "\" ValueType=\"" X509_TOKEN "\" u:Id=\"" SIGN_TOKEN_ID "\">");
	put(t, values->certificate);
	put(t, "</o:BinarySecurityToken>");
}

static void put_password(struct soap_text *t, const struct soap_values *values)
{
	put(t, "<o:UsernameToken>");
	put_element(t, "o:Username", values->username);
	put_element(t, "o:Password Type=\"" PASSWORD_TEXT "\"", values->password);
	put(t, "</o:UsernameToken>");
}

static void put_session(struct soap_text *t, const struct soap_values *values, bool with_id)
{
	put(t, "<c:SecurityContextToken xmlns:c=\"" NS_SC "\"");
	put(t, with_id ? " xmlns:u=\"" NS_WSU "\" u:Id=\"sct\">" : ">");
	put_element(t, "c:Identifier", values->token);
	put(t, "</c:SecurityContextToken>");
}

/* Names in the Body: some token services look for them without a prefix. */
static const struct trust_names {
	const char *open, *token_type, *request_type, *target, *target_end, *end;
} trust_names[] = {
	[STS_STANDARD] = { "<w:RequestSecurityToken xmlns:w=\"" NS_TRUST "\">", "w:TokenType",
			   "w:RequestType", "<w:CancelTarget>", "</w:CancelTarget>",
			   "</w:RequestSecurityToken></s:Body>" },
	[STS_VEMA] = { "<RequestSecurityToken xmlns=\"" NS_TRUST "\">", "TokenType", "RequestType",
		       "<CancelTarget>", "</CancelTarget>", "</RequestSecurityToken></s:Body>" },
};

static void put_trust(struct soap_text *t, const struct trust_names *names_of_trust,
		      const char *request_type)
{
	put(t, names_of_trust->open);
	put_element(t, names_of_trust->token_type, NS_SC "/sct");
	put_element(t, names_of_trust->request_type, request_type);
}

static void put_login(struct soap_text *t, const struct profile *profile,
		      const struct soap_values *values)
{
	const struct trust_names *n = &trust_names[profile->sts_dialect];
	bool certificate = values->login == LOGIN_CERTIFICATE;

	put_security(t, SOAP_LOGIN, profile, values);
	(certificate ? put_certificate : put_password)(t, values);
	put(t, "</o:Security></s:Header>");
	put(t,
	    certificate ? "<s:Body xmlns:u=\"" NS_WSU "\" u:Id=\"" SIGN_BODY_ID "\">" : "<s:Body>");
	put_trust(t, n, NS_TRUST "/Issue");
	put_element(t,
		    profile->sts_messages == MESSAGE_ALLGEMEIN
			    ? "n:BiPROVersion xmlns:n=\"" NS_ALLGEMEIN "\""
			    : "n:BiPROVersion xmlns:n=\"" NS_NACHRICHTEN "\"",
		    profile->sts_version);
	put(t, n->end);
}

/* It refers to the session by its id. */
static void put_cancel(struct soap_text *t, const struct profile *profile,
		       const struct soap_values *values)
{
	const struct trust_names *n = &trust_names[profile->sts_dialect];

	put_security(t, SOAP_CANCEL, profile, values);
	put_session(t, values, true);
	put(t, "</o:Security></s:Header><s:Body>");
	put_trust(t, n, NS_TRUST "/Cancel");
	put(t, n->target);
	put(t, "<o:SecurityTokenReference xmlns:o=\"" NS_WSSE
	       "\"><o:Reference URI=\"#sct\"/></o:SecurityTokenReference>");
	put(t, n->target_end);
	put(t, n->end);
}

/* ---- the transfer service ---- */

/* The session, or what stands for it, in the header of every call. */
static void put_header(struct soap_text *t, const struct soap_values *values)
{
	if (values->login == LOGIN_TLS || values->login == LOGIN_BEARER) {
		put(t, "<s:Header/>");
		return;
	}
	put(t, "<s:Header><o:Security xmlns:o=\"" NS_WSSE "\">");
	if (values->login == LOGIN_SAML)
		put(t, values->assertion);
	else
		put_session(t, values, false);
	put(t, "</o:Security></s:Header>");
}

/* A list asks as the insurer wants it. What is fetched is never confirmed in the same breath, whatever he reads into the flag: it is
 * not durable yet. */
static void put_flag(struct soap_text *t, enum soap_operation operation,
		     const struct profile *profile)
{
	bool set = operation == SOAP_LIST && profile->flag == FLAG_TRUE;

	if (profile->flag != FLAG_OMIT)
		put_element(t, "t:BestaetigeLieferungen", set ? "true" : "false");
}

/* The children stand in the order of the schema's sequence. */
static void put_transfer(struct soap_text *t, enum soap_operation operation,
			 const struct profile *profile, const struct soap_values *values)
{
	bool old = profile->messages == MESSAGE_ALLGEMEIN;
	const char *name = wrapper(operation, profile);

	put_header(t, values);
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
		put_flag(t, operation, profile);
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
		put_cancel(t, profile, values);
	else
		put_transfer(t, operation, profile, values);
	put(t, "</s:Envelope>");
	return t;
}

/* The address with the operation in its place; one without '*' is the same for all of them. */
static char *own_action(const char *uri, const char *operation, TALLOC_CTX *mem)
{
	size_t before = strcspn(uri, "*");

	if (!uri[before])
		return talloc_strdup(mem, uri);
	return talloc_asprintf(mem, "%.*s%s%s", (int)before, uri, operation, uri + before + 1);
}

char *soap_action(enum soap_operation operation, const struct profile *profile, TALLOC_CTX *mem)
{
	bool sts = operation == SOAP_LOGIN || operation == SOAP_CANCEL;
	const char *name = wrapper(operation, profile);

	switch (sts ? profile->sts_action : profile->action) {
	case ACTION_URN:
		return talloc_asprintf(mem, "urn:%s", name);
	case ACTION_BARE:
		return talloc_strdup(mem, name);
	case ACTION_URI:
		if (!sts)
			return own_action(profile->action_uri, name, mem);
		return own_action(profile->sts_action_uri,
				  operation == SOAP_LOGIN ? "Issue" : "Cancel", mem);
	case ACTION_EMPTY:
		break;
	}
	return talloc_strdup(mem, "");
}
