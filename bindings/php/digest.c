/* Are two configurations the same? What outlives a PHP request is found by the SHA-256 of all that it was made of. */

#include "php_active.h"

void active_digest_begin(active_digest *digest)
{
	PHP_SHA256InitArgs(digest, NULL);
}

void active_digest_bytes(active_digest *digest, const void *bytes, size_t length)
{
	PHP_SHA256Update(digest, (const unsigned char *) bytes, length);
}

/* Each text with its length before it, so that "ab" and "c" are not "a" and "bc"; none is not the empty one. */
void active_digest_text(active_digest *digest, const char *text)
{
	uint64_t length = text ? strlen(text) : UINT64_MAX;
	active_digest_bytes(digest, &length, sizeof(length));
	if (text) {
		active_digest_bytes(digest, text, (size_t) length);
	}
}

void active_digest_string(active_digest *digest, zend_string *text)
{
	active_digest_text(digest, text ? ZSTR_VAL(text) : NULL);
}

void active_digest_texts(active_digest *digest, const active_texts *texts)
{
	uint64_t count = texts->count;
	active_digest_bytes(digest, &count, sizeof(count));
	for (size_t i = 0; i < texts->count; i++) {
		active_digest_text(digest, texts->pairs[i].name);
		active_digest_text(digest, texts->pairs[i].value);
	}
}

void active_digest_end(active_digest *digest, active_fingerprint key)
{
	unsigned char bytes[32];
	PHP_SHA256Final(bytes, digest);
	php_hash_bin2hex(key, bytes, sizeof(bytes));
	key[64] = 0;
}
