#pragma once
// OpenSSL's macros as functions, because Swift cannot see macros, and one setting of glibc's. No logic
// lives here.

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <malloc.h>

static inline int pulih_SSL_CTX_set_min_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_min_proto_version(context, version);
}

static inline int pulih_SSL_CTX_set_max_proto_version(SSL_CTX *context, int version) {
    return SSL_CTX_set_max_proto_version(context, version);
}

static inline long pulih_SSL_CTX_set_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_mode(context, mode);
}

static inline long pulih_SSL_CTX_set_session_cache_mode(SSL_CTX *context, long mode) {
    return SSL_CTX_set_session_cache_mode(context, mode);
}

static inline int pulih_SSL_CTX_set1_groups_list(SSL_CTX *context, const char *groups) {
    return (int)SSL_CTX_set1_groups_list(context, groups);
}

static inline uint64_t pulih_SSL_OP_NO_RENEGOTIATION(void) { return SSL_OP_NO_RENEGOTIATION; }
static inline uint64_t pulih_SSL_OP_NO_COMPRESSION(void) { return SSL_OP_NO_COMPRESSION; }
static inline uint64_t pulih_SSL_OP_NO_TICKET(void) { return SSL_OP_NO_TICKET; }

static inline int pulih_SSL_set_tlsext_host_name(SSL *ssl, const char *name) {
    return (int)SSL_set_tlsext_host_name(ssl, name);
}

static inline void pulih_SSL_set_app_data(SSL *ssl, void *data) { SSL_set_app_data(ssl, data); }
static inline void *pulih_SSL_get_app_data(const SSL *ssl) { return SSL_get_app_data(ssl); }

static inline void pulih_BIO_set_retry_read(BIO *bio) { BIO_set_retry_read(bio); }
static inline void pulih_BIO_clear_retry_flags(BIO *bio) { BIO_clear_retry_flags(bio); }

static inline int pulih_GENERAL_NAMES_count(const GENERAL_NAMES *names) {
    return sk_GENERAL_NAME_num(names);
}

static inline GENERAL_NAME *pulih_GENERAL_NAMES_at(const GENERAL_NAMES *names, int index) {
    return sk_GENERAL_NAME_value(names, index);
}

/* glibc's allocator: from which size on memory is mapped, and how much that is free is kept. */
static inline int pulih_keep_memory(int mapped_from, int kept) {
    return mallopt(M_MMAP_THRESHOLD, mapped_from) == 1 && mallopt(M_TRIM_THRESHOLD, kept) == 1;
}

static inline int pulih_X509_count(const STACK_OF(X509) *chain) { return sk_X509_num(chain); }

static inline X509 *pulih_X509_at(const STACK_OF(X509) *chain, int index) {
    return sk_X509_value(chain, index);
}
