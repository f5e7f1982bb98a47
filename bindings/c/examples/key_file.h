/* How is a text read from a file, and a secret one kept there? */
#ifndef KEY_FILE_H
#define KEY_FILE_H

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Reads a file of less than `size` bytes. Whether it could. */
static inline int read_text(const char *path, char *text, size_t size)
{
    FILE *file = fopen(path, "r");
    size_t length;
    if (!file) return 0;
    length = fread(text, 1, size - 1, file);
    text[length] = 0;
    fclose(file);
    return length > 0;
}

/* Writes a new file that its owner alone may read. Whether it could. */
static inline int keep_secret(const char *path, const char *text)
{
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);
    ssize_t length = (ssize_t)strlen(text), written;
    if (file < 0) return 0;
    written = write(file, text, (size_t)length);
    return close(file) == 0 && written == length;
}

#endif
