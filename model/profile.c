#include "model/profile.h"

const struct profile profile_default = {
	.transfer_version = "2.6.1.1.0",
	.wrappers = WRAPPER_CAMEL,
	.messages = MESSAGE_NACHRICHTEN,
	.action = ACTION_URN,
	.flag = FLAG_FALSE,
	.connect_timeout_s = 10,
	.sts_timeout_s = 30,
	.list_timeout_s = 60,
	.get_timeout_s = 900,
	.poll_interval_s = 4 * 3600,
	.answer_bytes_most = 512ull * 1024 * 1024,
	.list_most = 10000,
};
