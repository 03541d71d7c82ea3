// Counts durations in buckets of 1/64 of their size: the same buckets as Tests/Echo/Client/Load.
// Shared by the clients in C and C++.
#pragma once

#include <stdint.h>
#include <stdio.h>
#include <time.h>

enum { FIRST_EXPONENT = 8, LAST_EXPONENT = 33 };

struct latencies {
    uint32_t counts[(LAST_EXPONENT - FIRST_EXPONENT + 1) * 64];
    uint64_t total;
};

// Monotonic time in nanoseconds.
static inline uint64_t nanoseconds(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

static inline void latencies_add(struct latencies *all, uint64_t duration) {
    if (duration < 1u << FIRST_EXPONENT) duration = 1u << FIRST_EXPONENT;
    if (duration >= (uint64_t)1 << (LAST_EXPONENT + 1))
        duration = ((uint64_t)1 << (LAST_EXPONENT + 1)) - 1;
    int exponent = 63 - __builtin_clzll(duration);
    int step = (int)(duration >> (exponent - 6)) & 63;
    all->counts[(exponent - FIRST_EXPONENT) * 64 + step] += 1;
    all->total += 1;
}

// The duration that this share of all does not exceed, in microseconds.
static inline double latencies_at(const struct latencies *all, double share) {
    double left = (double)all->total * share;
    int last = (LAST_EXPONENT - FIRST_EXPONENT + 1) * 64;
    for (int index = 0; index < last; index++) {
        left -= all->counts[index];
        if (left > 0) continue;
        double base = (double)((uint64_t)1 << (index / 64 + FIRST_EXPONENT));
        return base * (1 + (index % 64 + 0.5) / 64) / 1000;
    }
    return 0;
}

// Tells the driver of a moment: "base", before the connections of `idle`, or "begin".
static inline void report_mark(const char *event) {
    printf("{\"event\":\"%s\"}\n", event);
    fflush(stdout);
}

// Tells the result; without latencies where the case has none.
static inline void report_end(uint64_t calls, double seconds, const struct latencies *all,
                              const char *negotiated) {
    printf("{\"event\":\"end\",\"calls\":%llu,\"seconds\":%.6f,", (unsigned long long)calls,
           seconds);
    if (all && all->total > 0)
        printf("\"p50Microseconds\":%.2f,\"p99Microseconds\":%.2f,", latencies_at(all, 0.5),
               latencies_at(all, 0.99));
    else
        printf("\"p50Microseconds\":null,\"p99Microseconds\":null,");
    printf("\"negotiated\":\"%s\"}\n", negotiated);
    fflush(stdout);
}

// Waits until standard input ends, so that the driver can read what the process has used.
static inline void await_end_of_input(void) {
    while (getchar() != EOF) continue;
}
