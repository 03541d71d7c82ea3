// The message of the C program: as long as the others' are, and written without a coder.
#pragma once

#include <stdbool.h>
#include <string.h>

#include "connection.h"

static const char message_author[] =
    "spiffe://pulih.test/facility/rutan-kraksaan/role/counselor/siti";

static inline void message_write(uint8_t *body, uint64_t number) {
    body[0] = KIND_ECHO;
    memcpy(body + 1, &number, sizeof number);
    memset(body + PREFIX, 0x5a, MESSAGE - PREFIX);
    memcpy(body + PREFIX, message_author, sizeof message_author);
}

static inline bool message_is(const uint8_t *body, uint32_t length, uint64_t number) {
    return length == MESSAGE && memcmp(body + 1, &number, sizeof number) == 0 &&
           memcmp(body + PREFIX, message_author, sizeof message_author) == 0;
}
