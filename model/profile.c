#include "model/profile.h"

#include <stdlib.h>
#include <string.h>

const struct profile profile_default = {
	.transfer_version = "2.6.1.1.0",
	.sts_version = "2.6.1.1.0",
	.wrappers = WRAPPER_CAMEL,
	.messages = MESSAGE_NACHRICHTEN,
	.sts_messages = MESSAGE_NACHRICHTEN,
	.action = ACTION_URN,
	.sts_action = ACTION_URN,
	.flag = FLAG_FALSE,
	.acknowledge_after_h = 24,
	.connect_timeout_s = 10,
	.sts_timeout_s = 30,
	.list_timeout_s = 60,
	.get_timeout_s = 900,
	.poll_interval_s = 4 * 3600,
	.parallel = 5,
	.time_zone = "Europe/Berlin",
	.answer_bytes_most = 512ull * 1024 * 1024,
	.list_most = 10000,
};

const char *const login_kind_words[LOGIN_KINDS] = {
	[LOGIN_PASSWORD] = "password", [LOGIN_CERTIFICATE] = "certificate", [LOGIN_TLS] = "tls",
	[LOGIN_SAML] = "saml",         [LOGIN_BEARER] = "bearer",
};

const char *const signature_policy_words[SIGNATURE_POLICIES] = {
	[SIGNATURE_NONE] = "none",
	[SIGNATURE_IF_PRESENT] = "if-present",
	[SIGNATURE_REQUIRED] = "required",
};

const char *const acknowledge_mode_words[ACKNOWLEDGE_MODES] = {
	[ACKNOWLEDGE_AUTOMATIC] = "automatic",
	[ACKNOWLEDGE_DELAYED] = "delayed",
	[ACKNOWLEDGE_MANUAL] = "manual",
};

bool message_namespace_of(enum message_namespace *messages, const char *version)
{
	char *rest;
	long release = strtol(version, &rest, 10),
	     minor = *rest == '.' ? strtol(rest + 1, NULL, 10) : 0;

	if (release != 2 || minor < 1 || minor == 2 || minor == 3)
		return false;
	*messages = minor == 1 ? MESSAGE_ALLGEMEIN : MESSAGE_NACHRICHTEN;
	return true;
}

static int place_of(const char *word, const char *const *words, int count)
{
	for (int i = 0; word && i < count; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

bool login_kind_parse(enum login_kind *kind, const char *word)
{
	int place = place_of(word, login_kind_words, LOGIN_KINDS);

	if (place >= 0)
		*kind = (enum login_kind)place;
	return place >= 0;
}

bool signature_policy_parse(enum signature_policy *policy, const char *word)
{
	int place = place_of(word, signature_policy_words, SIGNATURE_POLICIES);

	if (place >= 0)
		*policy = (enum signature_policy)place;
	return place >= 0;
}

bool acknowledge_mode_parse(enum acknowledge_mode *mode, const char *word)
{
	int place = place_of(word, acknowledge_mode_words, ACKNOWLEDGE_MODES);

	if (place >= 0)
		*mode = (enum acknowledge_mode)place;
	return place >= 0;
}
