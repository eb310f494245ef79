#include "api/hasher.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

/* What both sides know; freed by whoever lets go last. Plain memory, for talloc is not for two threads. */
struct hash_work {
	struct hash_work *next;
	atomic_bool ready;
	atomic_int holders;
	bool make, right, made;
	char stored[PASSWORD_SIZE];
	char password[PASSWORD_MOST + 1];
};

struct hasher {
	pthread_mutex_t lock;
	pthread_cond_t more;
	pthread_t thread;
	bool runs, ends;
	int event;
	int waiting;
	struct hash_work *first, **last;
};

static void work_drop(struct hash_work *work)
{
	if (atomic_fetch_sub(&work->holders, 1) == 1) {
		password_wipe(work, sizeof *work);
		free(work);
	}
}

/* ---- the thread ---- */

static struct hash_work *work_next(struct hasher *hasher)
{
	struct hash_work *work = NULL;

	pthread_mutex_lock(&hasher->lock);
	while (!hasher->first && !hasher->ends)
		pthread_cond_wait(&hasher->more, &hasher->lock);
	if (hasher->first && !hasher->ends) {
		work = hasher->first;
		hasher->first = work->next;
		if (!hasher->first)
			hasher->last = &hasher->first;
		hasher->waiting--;
	}
	pthread_mutex_unlock(&hasher->lock);
	return work;
}

static void work_do(struct hasher *hasher, struct hash_work *work)
{
	static const uint64_t one = 1;

	if (atomic_load(&work->holders) > 1) { /* else nobody waits for it any more */
		if (work->make)
			work->made = password_make(work->stored, work->password, NULL);
		else
			work->right = password_right(work->stored, work->password);
	}
	atomic_store(&work->ready, true);
	if (write(hasher->event, &one, sizeof one) != (ssize_t)sizeof one)
		abort(); /* an eventfd takes 2^64 of them */
	work_drop(work);
}

static void *hasher_run(void *arg)
{
	struct hasher *hasher = arg;
	struct hash_work *work;

	while ((work = work_next(hasher)))
		work_do(hasher, work);
	return NULL;
}

/* Signals are for the loop. */
static bool thread_start(struct hasher *hasher)
{
	sigset_t all, before;

	if (hasher->runs)
		return true;
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &before);
	hasher->runs = pthread_create(&hasher->thread, NULL, hasher_run, hasher) == 0;
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return hasher->runs;
}

/* ---- the server's side ---- */

static int hasher_end(struct hasher *hasher)
{
	struct hash_work *work;

	pthread_mutex_lock(&hasher->lock);
	hasher->ends = true;
	pthread_cond_signal(&hasher->more);
	pthread_mutex_unlock(&hasher->lock);
	if (hasher->runs)
		pthread_join(hasher->thread, NULL);
	while ((work = hasher->first)) {
		hasher->first = work->next;
		work_drop(work);
	}
	close(hasher->event);
	pthread_cond_destroy(&hasher->more);
	pthread_mutex_destroy(&hasher->lock);
	return 0;
}

struct hasher *hasher_new(TALLOC_CTX *mem)
{
	struct hasher *hasher = talloc_zero(mem, struct hasher);

	pthread_mutex_init(&hasher->lock, NULL);
	pthread_cond_init(&hasher->more, NULL);
	hasher->last = &hasher->first;
	hasher->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	talloc_set_destructor(hasher, hasher_end);
	return hasher;
}

int hasher_fd(const struct hasher *hasher)
{
	return hasher->event;
}

void hasher_heard(struct hasher *hasher)
{
	uint64_t count;

	while (read(hasher->event, &count, sizeof count) > 0)
		;
}

static bool work_give(struct hasher *hasher, struct hash_work *work)
{
	bool taken = false;

	pthread_mutex_lock(&hasher->lock);
	if (hasher->waiting < HASHER_MOST && thread_start(hasher)) {
		*hasher->last = work;
		hasher->last = &work->next;
		hasher->waiting++;
		pthread_cond_signal(&hasher->more);
		taken = true;
	}
	pthread_mutex_unlock(&hasher->lock);
	return taken;
}

static int hashing_end(struct hashing *hashing)
{
	work_drop(hashing->work);
	return 0;
}

static struct hashing *hashing_start(struct hasher *hasher, const char *stored,
				     const char *password, TALLOC_CTX *mem)
{
	struct hash_work *work = calloc(1, sizeof *work);
	struct hashing *hashing;

	if (!work)
		abort();
	work->make = !stored;
	work->holders = 2;
	strncpy(work->stored, stored ? stored : "", PASSWORD_SIZE - 1);
	strncpy(work->password, password, PASSWORD_MOST);
	if (!work_give(hasher, work)) {
		work->holders = 1;
		work_drop(work);
		return NULL;
	}
	hashing = talloc_zero(mem, struct hashing);
	hashing->work = work;
	hashing->ready = &work->ready;
	talloc_set_destructor(hashing, hashing_end);
	return hashing;
}

struct hashing *hasher_compare(struct hasher *hasher, const char *stored, const char *password,
			       TALLOC_CTX *mem)
{
	return hashing_start(hasher, stored ? stored : "", password, mem);
}

struct hashing *hasher_make(struct hasher *hasher, const char *password, TALLOC_CTX *mem)
{
	return hashing_start(hasher, NULL, password, mem);
}

bool hashing_ready(struct hashing *hashing)
{
	if (!atomic_load(hashing->ready))
		return false;
	hashing->right = hashing->work->right;
	hashing->stored = hashing->work->made ? hashing->work->stored : NULL;
	return true;
}
