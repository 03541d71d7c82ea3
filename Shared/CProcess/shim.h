#pragma once
// What Linux lets a process say about itself by a function with any number of arguments, which
// Swift cannot call. No logic lives here.

#include <sys/prctl.h>

// Whether its memory may be dumped, and read by others of the same user: 0 or 1.
static inline int pulih_set_dumpable(unsigned long value) {
    return prctl(PR_SET_DUMPABLE, value, 0, 0, 0);
}
