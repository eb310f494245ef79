#include "base/wake.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/role.h"

#define NAME       "wake"
#define STEP_MS    200  /* a signal that lands just before the wait costs this at most */
#define DRAIN_MOST 1024 /* who pokes faster than we read does not keep us */

struct wake {
	int fd, folder;
	pid_t owner;
};

/* A socket's name is limited to 107 bytes, a folder's is not: through the open folder it is short. */
static struct sockaddr_un address_in(int folder)
{
	struct sockaddr_un to = { .sun_family = AF_UNIX };

	snprintf(to.sun_path, sizeof to.sun_path, "/proc/self/fd/%d/" NAME, folder);
	return to;
}

static int folder_open(const char *path)
{
	return open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static int socket_open(void)
{
	return socket(AF_UNIX, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
}

static int wake_close(struct wake *wake)
{
	if (wake->fd >= 0 && wake->owner == getpid())
		unlinkat(wake->folder, NAME, 0);
	if (wake->fd >= 0)
		close(wake->fd);
	if (wake->folder >= 0)
		close(wake->folder);
	return 0;
}

/* What stands there of a killed process is in the way. */
static bool wake_bind(const struct wake *wake)
{
	struct sockaddr_un at = address_in(wake->folder);

	if (unlinkat(wake->folder, NAME, 0) < 0 && errno != ENOENT)
		return false;
	return bind(wake->fd, (struct sockaddr *)&at, sizeof at) == 0;
}

struct wake *wake_listen(const char *state_folder, TALLOC_CTX *mem, struct err *e)
{
	struct wake *wake = talloc(mem, struct wake);

	*wake = (struct wake){ socket_open(), folder_open(state_folder), getpid() };
	talloc_set_destructor(wake, wake_close);
	if (wake->fd >= 0 && wake->folder >= 0 && wake_bind(wake))
		return wake;
	err_set(e, ERR_SETUP, "%s/" NAME ": %s", state_folder, strerror(errno));
	wake->owner = 0; /* not ours to remove */
	talloc_free(wake);
	return NULL;
}

int wake_fd(const struct wake *wake)
{
	return wake->fd;
}

bool wake_drain(struct wake *wake)
{
	char byte;
	int pokes = 0;

	while (pokes < DRAIN_MOST && recv(wake->fd, &byte, 1, MSG_DONTWAIT) >= 0)
		pokes++;
	return pokes > 0;
}

bool wake_wait(struct wake *wake, int ms)
{
	struct pollfd look = { wake ? wake->fd : -1, POLLIN, 0 };
	int64_t until = clock_monotonic_ms() + ms;
	int64_t left;

	while (!role_stopping() && (left = until - clock_monotonic_ms()) > 0)
		if (poll(&look, 1, left > STEP_MS ? STEP_MS : (int)left) > 0)
			break;
	if (wake)
		wake_drain(wake);
	return !role_stopping();
}

void wake_poke(const char *state_folder)
{
	int folder = folder_open(state_folder);
	int fd = folder >= 0 ? socket_open() : -1;
	struct sockaddr_un to = address_in(folder);

	if (fd >= 0) {
		sendto(fd, "", 1, MSG_DONTWAIT | MSG_NOSIGNAL, (struct sockaddr *)&to, sizeof to);
		close(fd);
	}
	if (folder >= 0)
		close(folder);
}
