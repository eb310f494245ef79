#include "ingest/http_tls.h"

#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <string.h>
#include <unistd.h>

#define SECURITY_LEVEL 2 /* OpenSSL's: 112 bits, so no RSA below 2048, no SHA-1, no MD5 */

/* ---- whom we believe ---- */

static const char *verify_words(int result)
{
	switch (result) {
	case X509_V_ERR_CERT_SIGNATURE_FAILURE:
		return "its issuer's signature is false";
	case X509_V_ERR_HOSTNAME_MISMATCH:
	case X509_V_ERR_IP_ADDRESS_MISMATCH:
		return "it belongs to another host name";
	case X509_V_ERR_CERT_HAS_EXPIRED:
		return "it has expired";
	case X509_V_ERR_CERT_NOT_YET_VALID:
		return "it is not valid yet (or our clock is wrong)";
	case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
	case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
	case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
	case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
		return "nobody we trust has issued it (unknown CA; see --ca)";
	case X509_V_ERR_CERT_REVOKED:
		return "it was revoked";
	case X509_V_ERR_UNABLE_TO_GET_CRL:
		return "the revocation list (--ca-crl) of its issuer is missing";
	case X509_V_ERR_CRL_HAS_EXPIRED:
		return "the revocation list (--ca-crl) is out of date";
	case X509_V_ERR_EE_KEY_TOO_SMALL:
	case X509_V_ERR_CA_KEY_TOO_SMALL:
		return "its key, or an issuer's, is too weak";
	case X509_V_ERR_CA_MD_TOO_WEAK:
		return "it is signed with a hash that is too weak (SHA-1, MD5)";
	case X509_V_ERR_INVALID_PURPOSE:
		return "it is not made for servers";
	case X509_V_ERR_INVALID_CA:
		return "one of its issuers is no authority";
	case X509_V_ERR_PATH_LENGTH_EXCEEDED:
		return "an authority in its chain may have none below it";
	case X509_V_ERR_PERMITTED_VIOLATION:
	case X509_V_ERR_EXCLUDED_VIOLATION:
		return "its issuer may not vouch for this name (name constraints)";
	default:
		return X509_verify_cert_error_string(result);
	}
}

/* The first reason counts. libcurl would take an authority's certificate for a server's; where the operator gave that very
 * certificate (--ca), it is believed for what it is. */
static int on_certificate(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct http_tls *tls = SSL_CTX_get_app_data(SSL_get_SSL_CTX(ssl));
	X509 *x = X509_STORE_CTX_get_current_cert(store);

	if (!ok) {
		tls->refusal = verify_words(X509_STORE_CTX_get_error(store));
		return 0;
	}
	if (X509_STORE_CTX_get_error_depth(store) != 0 ||
	    sk_X509_num(X509_STORE_CTX_get0_chain(store)) < 2 ||
	    !(X509_get_extension_flags(x) & EXFLAG_CA))
		return 1;
	tls->refusal = "it is an authority's, not a server's";
	X509_STORE_CTX_set_error(store, X509_V_ERR_APPLICATION_VERIFICATION);
	return 0;
}

/* The name is compared by OpenSSL during the handshake, before a byte of ours goes out. */
static bool expect_host(SSL_CTX *ctx, const char *host)
{
	X509_VERIFY_PARAM *param = SSL_CTX_get0_param(ctx);

	X509_VERIFY_PARAM_set_hostflags(param, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS |
						       X509_CHECK_FLAG_NEVER_CHECK_SUBJECT);
	return X509_VERIFY_PARAM_set1_ip_asc(param, host) == 1 ||
	       X509_VERIFY_PARAM_set1_host(param, host, 0) == 1;
}

/* ---- who we are ---- */

static bool show_identity(SSL_CTX *ctx, const struct identity *identity)
{
	if (SSL_CTX_use_certificate(ctx, identity->certificate) != 1 ||
	    SSL_CTX_use_PrivateKey(ctx, identity->key) != 1)
		return false;
	for (int i = 0; i < sk_X509_num(identity->chain); i++)
		if (SSL_CTX_add1_chain_cert(ctx, sk_X509_value(identity->chain, i)) != 1)
			return false;
	return true;
}

/* ---- the handle ---- */

static CURLcode on_context(CURL *curl, void *context, void *self)
{
	struct http_tls *tls = self;
	SSL_CTX *ctx = context;

	(void)curl;
	SSL_CTX_set_app_data(ctx, tls);
	SSL_CTX_set_security_level(ctx, SECURITY_LEVEL);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_PEER, on_certificate);
	if (!expect_host(ctx, tls->host) ||
	    (tls->settings->identity && !show_identity(ctx, tls->settings->identity)))
		return CURLE_SSL_CERTPROBLEM;
	return CURLE_OK;
}

/* With a file of its own a connection trusts nobody else: Debian's libcurl would still look into
 * its default folder. */
static void set_files(CURL *c, const struct http_settings *settings)
{
	if (settings->ca_file) {
		curl_easy_setopt(c, CURLOPT_CAINFO, settings->ca_file);
		curl_easy_setopt(c, CURLOPT_CAPATH, NULL);
	}
	if (settings->crl_file)
		curl_easy_setopt(c, CURLOPT_CRLFILE, settings->crl_file);
}

bool http_tls_set(CURL *c, struct http_tls *tls, struct err *e)
{
	const struct http_settings *settings = tls->settings;

	if (settings->ca_file && access(settings->ca_file, R_OK))
		return err_set(e, ERR_SETUP, "the certificate file (--ca) cannot be read: %m");
	if (settings->crl_file && access(settings->crl_file, R_OK))
		return err_set(e, ERR_SETUP, "the revocation list (--ca-crl) cannot be read: %m");
	curl_easy_setopt(c, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	curl_easy_setopt(c, CURLOPT_SSL_CIPHER_LIST, "ECDHE+AESGCM:ECDHE+CHACHA20");
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYPEER, 1L);
	curl_easy_setopt(c, CURLOPT_SSL_VERIFYHOST, 2L);
	set_files(c, settings);
	curl_easy_setopt(c, CURLOPT_SSL_CTX_DATA, tls);
	if (curl_easy_setopt(c, CURLOPT_SSL_CTX_FUNCTION, on_context) == CURLE_OK)
		return true;
	return err_set(e, ERR_SETUP, "libcurl was built without OpenSSL");
}

bool http_tls_begin(struct http_tls *tls, const char *url)
{
	CURLU *parts = curl_url();
	char *host = NULL;
	size_t len = 0;

	tls->refusal = NULL;
	if (curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
	    curl_url_get(parts, CURLUPART_HOST, &host, CURLU_URLDECODE) == CURLUE_OK)
		len = strlen(host);
	curl_url_cleanup(parts);
	if (len > 2 && host[0] == '[' && host[len - 1] == ']') { /* IPv6 */
		len -= 2;
		memmove(host, host + 1, len);
	}
	if (len > 1 && host[len - 1] == '.') /* the root's dot is in no certificate */
		len--;
	if (len == 0 || len >= sizeof tls->host) {
		curl_free(host);
		return false;
	}
	memcpy(tls->host, host, len);
	tls->host[len] = '\0';
	curl_free(host);
	return true;
}

/* ---- in words ---- */

/* Words of libcurl's, which are OpenSSL's, and what they mean. The first that fits counts. */
static const struct {
	const char *part;
	enum err_kind kind;
	const char *says;
} failures[] = {
	{ "alert certificate required", ERR_LOGIN,
	  "the service wants a certificate of ours (--login tls)" },
	{ "alert bad certificate", ERR_LOGIN, "the service refuses our TLS certificate" },
	{ "alert unsupported certificate", ERR_LOGIN, "the service refuses our TLS certificate" },
	{ "alert certificate revoked", ERR_LOGIN, "the service says our certificate was revoked" },
	{ "alert certificate expired", ERR_LOGIN, "the service says our certificate has expired" },
	{ "alert certificate unknown", ERR_LOGIN, "the service refuses our TLS certificate" },
	{ "alert unknown ca", ERR_LOGIN,
	  "the service does not know who issued our TLS certificate" },
	{ "alert access denied", ERR_LOGIN, "the service refuses our TLS certificate" },
	{ "unsupported protocol", ERR_RETRY,
	  "no TLS connection: the service offers only versions that are out of date (before 1.2)" },
	{ "alert protocol version", ERR_RETRY,
	  "no TLS connection: the service offers only versions that are out of date (before 1.2)" },
	{ "alert handshake failure", ERR_RETRY,
	  "no TLS connection: the service has no cipher that we accept, or wants a certificate" },
	{ "alert insufficient security", ERR_RETRY,
	  "no TLS connection: the service has no cipher that we accept" },
};

bool http_tls_err(const struct http_tls *tls, CURLcode rc, const char *detail, struct err *e)
{
	if (tls->refusal || rc == CURLE_PEER_FAILED_VERIFICATION) {
		err_set(e, ERR_SETUP, "the service's certificate is not acceptable: %s",
			tls->refusal ? tls->refusal : "it belongs to another host name");
		return true;
	}
	for (size_t i = 0; i < sizeof failures / sizeof *failures; i++)
		if (strstr(detail, failures[i].part)) {
			err_set(e, failures[i].kind, "%s", failures[i].says);
			return true;
		}
	if (rc == CURLE_SSL_CACERT_BADFILE || rc == CURLE_SSL_CRL_BADFILE)
		err_set(e, ERR_SETUP,
			rc == CURLE_SSL_CRL_BADFILE
				? "the revocation list (--ca-crl) holds nothing usable"
				: "the certificate file (--ca) holds no usable certificate");
	else if (rc == CURLE_SSL_CONNECT_ERROR)
		err_set(e, ERR_RETRY, "no TLS connection: %s", detail);
	else if (rc == CURLE_SEND_ERROR)
		err_set(e, ERR_RETRY,
			"the service hung up on the request; it may want another TLS certificate of ours");
	else
		return false;
	return true;
}
