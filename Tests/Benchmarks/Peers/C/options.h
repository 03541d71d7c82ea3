// The options that the servers and clients of all implementations take. Shared by C and C++.
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct options {
    const char *certificate, *key, *authorities;
    // Of a server: where to write the port once calls are taken.
    const char *port_file;
    // Of a client.
    const char *address, *load;
    double seconds, warmup;
};

static inline struct options options_read(int count, char **arguments) {
    struct options options = {};
    options.seconds = 1;
    options.warmup = 0.3;
    for (int index = 1; index + 1 < count; index += 2) {
        const char *name = arguments[index], *value = arguments[index + 1];
        if (!strcmp(name, "--certificate")) options.certificate = value;
        else if (!strcmp(name, "--key")) options.key = value;
        else if (!strcmp(name, "--authorities")) options.authorities = value;
        else if (!strcmp(name, "--port-file")) options.port_file = value;
        else if (!strcmp(name, "--address")) options.address = value;
        else if (!strcmp(name, "--case")) options.load = value;
        else if (!strcmp(name, "--seconds")) options.seconds = atof(value);
        else if (!strcmp(name, "--warmup")) options.warmup = atof(value);
        else {
            fprintf(stderr, "unknown option %s\n", name);
            exit(64);
        }
    }
    int serves = options.port_file != NULL;
    if (!options.certificate || !options.key || !options.authorities ||
        (!serves && (!options.address || !options.load))) {
        fprintf(stderr, "an option is missing; see Tests/Benchmarks/README.md\n");
        exit(64);
    }
    return options;
}

// Writes the port in one step, so that no reader sees half of it.
static inline void write_port(const char *file, int port) {
    char draft[4096];
    snprintf(draft, sizeof draft, "%s.new", file);
    FILE *output = fopen(draft, "w");
    if (!output || fprintf(output, "%d\n", port) < 0 || fclose(output) != 0 ||
        rename(draft, file) != 0) {
        perror(file);
        exit(1);
    }
}

static inline int port_of(const char *address) {
    const char *colon = strrchr(address, ':');
    return colon ? atoi(colon + 1) : 0;
}
