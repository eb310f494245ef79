/* doctor.h -- `vorpost doctor`; its row stands in setup.c beside the other commands that look before one leaps. */
#ifndef CMD_DOCTOR_H
#define CMD_DOCTOR_H

#include "base/command.h"

/* 0: all is well; 1: trouble, said in words; else a look itself failed. */
int doctor_run(struct invocation *in, struct err *e);

#endif
