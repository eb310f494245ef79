/* What cppcheck must know of <sys/queue.h>, which it does not read. Included by tests/run.sh only. */
#define TAILQ_FOREACH(var, head, field)                                                            \
	for ((var) = (head)->tqh_first; (var); (var) = (var)->field.tqe_next)
