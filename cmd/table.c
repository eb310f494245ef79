#include "cmd/table.h"

#include "cmd/commands.h"

/* In the order of help. */
const struct command *const command_tables[] = {
	setup_commands,
	serve_commands,
	poll_commands,
	connection_commands,
	contracts_commands,
	canonicalise_commands,
	number_commands,
	insurers_commands,
	match_commands,
	evaluate_commands,
	delivery_read_command,
	delivery_commands,
	inspect_commands,
	queue_commands,
	release_commands,
	release_rule_commands,
	letter_commands,
	stats_lead_commands,
	learn_commands,
	stats_commands,
	events_commands,
	replay_commands,
	dead_commands,
	events_keep_commands,
	endpoint_commands,
	endpoint_change_commands,
	token_commands,
	consumer_commands,
	user_commands,
	audit_commands,
	NULL,
};
