#include "api/upload.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static int upload_close(struct upload *upload)
{
	if (upload->fd >= 0)
		close(upload->fd);
	return 0;
}

struct upload *upload_open(const char *folder, TALLOC_CTX *mem, struct err *e)
{
	struct upload *upload = talloc_zero(mem, struct upload);

	upload->fd = open(folder ? folder : "", O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	talloc_set_destructor(upload, upload_close);
	if (upload->fd >= 0)
		return upload;
	err_set(e, ERR_SETUP, "no file can be made in the folder for uploads: %s", strerror(errno));
	talloc_free(upload);
	return NULL;
}

bool upload_write(struct upload *upload, const char *data, size_t len, struct err *e)
{
	while (len) {
		ssize_t n = write(upload->fd, data, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return err_set(e, ERR_SETUP, "an upload cannot be written: %s",
				       strerror(n ? errno : EIO));
		data += n;
		len -= (size_t)n;
		upload->bytes += (uint64_t)n;
	}
	return true;
}

bool upload_keep(const struct upload *upload, const char *path, struct err *e)
{
	char self[64];

	snprintf(self, sizeof self, "/proc/self/fd/%d", upload->fd);
	if (linkat(AT_FDCWD, self, AT_FDCWD, path, AT_SYMLINK_FOLLOW) == 0)
		return true;
	return err_set(e, ERR_SETUP, "an upload cannot be kept: %s", strerror(errno));
}
