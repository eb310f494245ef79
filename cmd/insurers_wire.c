/* insurers_wire.c -- the `wire:` part of an insurer file, for `insurers show` and `insurers check`. */
#include "cmd/insurers.h"
#include "cmd/wire_words.h"
#include "ingest/login.h"

void insurers_check_wire(const struct insurer *one, const struct invocation *in)
{
	fprintf(in->out, "%s is asked in %s", one->issuer,
		wire_transfer_words(&one->profile, in->mem));
	if (login_has_token(one->profile.login))
		fprintf(in->out, "; at the token service in %s",
			wire_sts_words(&one->profile, in->mem));
	fputc('\n', in->out);
}

/* what, value, detail, confidence, source */
static void row(struct listing *list, const struct insurer *one, const char *what,
		const char *value, const char *detail)
{
	listing_row(list, (const char *const[]){ what, value, detail, NULL, one->wire_source });
}

/* "mo,tu,we 06:00-22:00" */
static const char *window_words(const struct window *w, TALLOC_CTX *mem)
{
	static const char *const days[] = { "mo", "tu", "we", "th", "fr", "sa", "su" };
	char *text = talloc_strdup(mem, "");

	for (int i = 0; i < 7; i++) {
		if (w->days >> i & 1)
			text = talloc_asprintf_append(text, "%s%s", text[0] ? "," : "", days[i]);
	}
	return talloc_asprintf_append(text, " %02d:%02d-%02d:%02d", w->from / 60, w->from % 60,
				      w->to / 60, w->to % 60);
}

static void limit_rows(struct listing *list, const struct insurer *one, TALLOC_CTX *mem)
{
	const struct profile *p = &one->profile;
	char *limits = talloc_asprintf(mem, "%d at once", p->parallel);

	if (p->calls_per_minute)
		limits = talloc_asprintf_append(limits, ", %d calls a minute", p->calls_per_minute);
	row(list, one, "limits", limits,
	    talloc_asprintf(mem, "a round every %d s; a list has at most %d entries",
			    p->poll_interval_s, p->list_most));
	for (size_t i = 0; i < p->window_count; i++)
		row(list, one, "window", window_words(&p->windows[i], mem), p->time_zone);
}

void insurers_show_wire(struct listing *list, const struct insurer *one, TALLOC_CTX *mem)
{
	const struct profile *p = &one->profile;

	row(list, one, "transfer", p->transfer_version, wire_transfer_words(p, mem));
	if (login_has_token(p->login))
		row(list, one, "token service", p->sts_version, wire_sts_words(p, mem));
	row(list, one, "login", login_kind_words[p->login], NULL);
	row(list, one, "signature", signature_policy_words[p->signature], NULL);
	row(list, one, "acknowledge", acknowledge_mode_words[p->acknowledge],
	    p->acknowledge == ACKNOWLEDGE_DELAYED
		    ? talloc_asprintf(mem, "%d h after it was stored", p->acknowledge_after_h)
		    : NULL);
	limit_rows(list, one, mem);
}
