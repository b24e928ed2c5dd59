/* Between a process and the system (LD_PRELOAD): the calls that change a file whose name holds FAILING_IO are counted,
 * and the chosen one fails, or kills the process, after half of what it should write is written. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/types.h>
#include <unistd.h>

static volatile long calls, chosen;
static volatile int failure, lasting;

/* From now on: the `at`-th call (from 1) fails with `error`, or kills where that is negative; and all later ones, too,
 * where it lasts. 0 only counts. */
void failing_io_arm(long at, int error, int lasts) {
    calls = 0;
    chosen = at;
    failure = error;
    lasting = lasts;
}

long failing_io_calls(void) { return calls; }

static int watched(const char *name) {
    const char *part = getenv("FAILING_IO");
    return part && name && strstr(name, part);
}

static int watched_file(int file) {
    char link[64], name[4096];
    snprintf(link, sizeof link, "/proc/self/fd/%d", file);
    ssize_t length = readlink(link, name, sizeof name - 1);
    if (length <= 0) return 0;
    name[length] = 0;
    return watched(name);
}

/* A full disk fails what makes files larger, and nothing else. */
static int due(int writes) {
    if (failure == ENOSPC && !writes) return 0;
    calls++;
    return chosen && (calls == chosen || (lasting && calls > chosen));
}

static int fail(void) {
    if (failure < 0) kill(getpid(), SIGKILL);
    errno = failure;
    return -1;
}

#define REAL(name) __typeof__(&name) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

#define WRITE(name, parameters, half, whole)            \
    ssize_t name parameters {                           \
        REAL(name);                                     \
        if (watched_file(file) && due(1)) {              \
            if (size > 1 && calls == chosen) half;      \
            return fail();                              \
        }                                               \
        return whole;                                   \
    }

#define WHOLE(name, parameters, watching, whole)        \
    int name parameters {                               \
        REAL(name);                                     \
        return watching && due(0) ? fail() : whole;      \
    }

WRITE(write, (int file, const void *from, size_t size), (void)!real(file, from, size / 2), real(file, from, size))
WRITE(pwrite, (int file, const void *from, size_t size, off_t at), (void)!real(file, from, size / 2, at),
      real(file, from, size, at))
WRITE(pwrite64, (int file, const void *from, size_t size, off64_t at), (void)!real(file, from, size / 2, at),
      real(file, from, size, at))
WHOLE(fsync, (int file), watched_file(file), real(file))
WHOLE(fdatasync, (int file), watched_file(file), real(file))
WHOLE(ftruncate, (int file, off_t size), watched_file(file), real(file, size))
WHOLE(ftruncate64, (int file, off64_t size), watched_file(file), real(file, size))
WHOLE(unlink, (const char *name), watched(name), real(name))
WHOLE(rename, (const char *from, const char *to), watched(to), real(from, to))

#define ROOM(name)                                                                   \
    int name(const char *restrict folder, struct name *restrict found) {             \
        REAL(name);                                                                  \
        int code = real(folder, found);                                              \
        if (failure == ENOSPC && chosen && calls >= chosen) found->f_bavail = 0;     \
        return code;                                                                 \
    }

ROOM(statvfs)
ROOM(statvfs64)
