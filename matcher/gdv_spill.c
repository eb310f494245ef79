#include "matcher/gdv_spill.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define BYTES_MOST (GDV_RECORD * 4)

struct gdv_spill {
	FILE *parts[GDV_SPILLS]; /* NULL: nothing came into it */
	int part;                /* that is being read */
	unsigned char bytes[BYTES_MOST];
};

struct laid {
	uint64_t number;
	int32_t type;
	uint32_t len;
};

static int spill_close(struct gdv_spill *spill)
{
	for (int i = 0; i < GDV_SPILLS; i++)
		if (spill->parts[i])
			fclose(spill->parts[i]);
	return 0;
}

struct gdv_spill *gdv_spill_new(TALLOC_CTX *mem)
{
	struct gdv_spill *spill = talloc_zero(mem, struct gdv_spill);

	talloc_set_destructor(spill, spill_close);
	return spill;
}

static bool spill_fail(struct err *e)
{
	return err_set(e, ERR_RETRY, "a delivery of this size needs temporary files: %s",
		       strerror(errno ? errno : EIO));
}

bool gdv_spill_put(struct gdv_spill *spill, uint64_t fingerprint, const struct gdv_record *record,
		   struct err *e)
{
	FILE **part = &spill->parts[fingerprint % GDV_SPILLS];
	struct laid laid = { record->number, record->type, record->at[GDV_RECORD] };

	errno = 0;
	if (!*part && !(*part = tmpfile()))
		return spill_fail(e);
	return (fwrite(&laid, sizeof(laid), 1, *part) == 1 &&
		fwrite(record->bytes, laid.len, 1, *part) == 1) ||
	       spill_fail(e);
}

void gdv_spill_start(struct gdv_spill *spill, int part)
{
	spill->part = part;
	if (spill->parts[part])
		rewind(spill->parts[part]);
}

bool gdv_spill_next(struct gdv_spill *spill, struct gdv_record *record, struct err *e)
{
	FILE *part = spill->parts[spill->part];
	struct laid laid;

	errno = 0;
	if (!part)
		return false;
	if (fread(&laid, sizeof(laid), 1, part) != 1)
		return ferror(part) ? spill_fail(e) : false;
	if (laid.len > BYTES_MOST || fread(spill->bytes, laid.len, 1, part) != 1)
		return spill_fail(e);
	record->number = laid.number;
	record->type = laid.type;
	record->bytes = spill->bytes;
	return gdv_record_lay_out(record, laid.len) || spill_fail(e);
}
