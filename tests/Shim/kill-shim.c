// Kills the process, as kill -9 does, before the Nth write or sync of a database file after it was armed. Loaded with LD_PRELOAD.
// KILL_SHIM names a file: the shim is armed as soon as it is there, and its content is N.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <limits.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static atomic_long left = -1;

static int is_database(int fd) {
    char link[64], path[PATH_MAX];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    if (length < 0) return 0;
    path[length] = 0;
    return strstr(path, ".db") != NULL;
}

static void count(int fd) {
    const char *arm = getenv("KILL_SHIM");
    if (arm == NULL || !is_database(fd)) return;
    if (atomic_load(&left) < 0) {
        FILE *file = fopen(arm, "r");
        if (file == NULL) return;
        long steps = 0;
        int found = fscanf(file, "%ld", &steps);
        fclose(file);
        long unarmed = -1;
        if (found == 1) atomic_compare_exchange_strong(&left, &unarmed, steps);
    }
    if (atomic_load(&left) > 0 && atomic_fetch_sub(&left, 1) == 1) kill(getpid(), SIGKILL);
}

ssize_t pwrite64(int fd, const void *buffer, size_t length, off64_t offset) {
    static ssize_t (*real)(int, const void *, size_t, off64_t);
    if (real == NULL) real = dlsym(RTLD_NEXT, "pwrite64");
    count(fd);
    return real(fd, buffer, length, offset);
}

ssize_t pwrite(int fd, const void *buffer, size_t length, off_t offset) { return pwrite64(fd, buffer, length, offset); }

int fdatasync(int fd) {
    static int (*real)(int);
    if (real == NULL) real = dlsym(RTLD_NEXT, "fdatasync");
    count(fd);
    return real(fd);
}

int fsync(int fd) {
    static int (*real)(int);
    if (real == NULL) real = dlsym(RTLD_NEXT, "fsync");
    count(fd);
    return real(fd);
}
