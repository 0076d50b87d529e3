/* Kills a process at one of its file and socket calls; loaded into it with LD_PRELOAD.

   Counts the calls of the process itself, not of the programs that it starts, that change a file or a folder, lock
   one, or speak with an inet socket. Some libraries call the kernel without the C library; of these calls a filter
   (seccomp) makes signals (SIGSYS), which come here, too. What is not counted changes nothing outside of the process: a kill there is a kill
   before the next counted call.

   CRASH_LOG   a file that gets a line for each counted call: its number, its name, whether it can be torn, its place
   CRASH_AT    the number of the call at which to kill; without it, it only counts
   CRASH_MODE  before: instead of the call; after: when it has returned; torn: when half of its bytes are written, at the
               first call from there on that writes bytes */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unistd.h>

enum mode { BEFORE, AFTER, TORN };

static pid_t owner;
static int log_file = -1;
static atomic_long kill_at = -1;
static enum mode mode = BEFORE;
static atomic_long calls;

/* The function of that name behind this one. */
#define REAL(result, name, ...) \
    static result (*real)(__VA_ARGS__); \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

static void trap_kernel_calls(void);

__attribute__((constructor)) static void begin(void) {
    const char *log = getenv("CRASH_LOG"), *at = getenv("CRASH_AT"), *how = getenv("CRASH_MODE");
    if (!log) return;
    int file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) abort();
    /* Out of the way of the numbers that the program would get. */
    log_file = (int)syscall(SYS_fcntl, file, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, file);
    if (at) kill_at = atol(at);
    if (how) mode = !strcmp(how, "after") ? AFTER : !strcmp(how, "torn") ? TORN : BEFORE;
    owner = getpid();
    trap_kernel_calls();
    /* The programs that it starts, such as git, are not meant. */
    unsetenv("LD_PRELOAD");
    unsetenv("CRASH_LOG");
    unsetenv("CRASH_AT");
    unsetenv("CRASH_MODE");
}

static void die(void) {
    syscall(SYS_kill, owner, SIGKILL);
    for (;;) pause();
}

/* Counts a call, and kills the process if it is to die before it. Gives the mode if it is to die in or after it. */
static int counted(const char *name, int can_tear, const char *place) {
    int error = errno;
    long number = atomic_fetch_add(&calls, 1) + 1;
    char line[700];
    int length = snprintf(line, sizeof line, "%ld\t%s\t%d\t%.600s\n", number, name, can_tear, place);
    if (length > (int)sizeof line - 1) length = sizeof line - 1;
    syscall(SYS_write, log_file, line, length);
    errno = error;
    if (number != kill_at) return -1;
    if (mode == TORN && !can_tear) {
        kill_at++;
        return -1;
    }
    if (mode == BEFORE) die();
    return (int)mode;
}

static int is_own(void) { return owner && getpid() == owner; }

/* An inet socket; those of the process with itself carry signals. */
static int is_inet(int fd) {
    int error = errno;
    struct sockaddr_storage name;
    socklen_t length = sizeof name;
    int is = !getsockname(fd, (struct sockaddr *)&name, &length)
        && (name.ss_family == AF_INET || name.ss_family == AF_INET6);
    errno = error;
    return is;
}

static int is_file(int fd) {
    int error = errno;
    struct stat about;
    int is = !fstat(fd, &about) && (S_ISREG(about.st_mode) || S_ISDIR(about.st_mode));
    errno = error;
    return is;
}

/* What a descriptor is: its path, or "socket". */
static const char *place_of(int fd, char *buffer, size_t size) {
    int error = errno;
    char link[64];
    if (is_inet(fd)) return "socket";
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, buffer, size - 1);
    buffer[length < 0 ? 0 : length] = 0;
    errno = error;
    return buffer;
}

/* Standard output and error are not the subject: what is printed changes nothing. */
static int is_subject(int fd) { return is_own() && fd > 2 && fd != log_file && (is_file(fd) || is_inet(fd)); }

/* Whether a read would get something, or the end; another one is not a step. */
static int has_arrived(int fd) {
    int error = errno;
    struct pollfd one = {.fd = fd, .events = POLLIN};
    int is = poll(&one, 1, 0) > 0;
    errno = error;
    return is;
}

#define AFTER_CALL(how) do { if ((how) >= 0) die(); } while (0)

/* A call on a path. */
#define ON_PATH(place, name, call) \
    do { \
        int how = is_own() ? counted(name, 0, place) : -1; \
        __typeof__(call) result = call; \
        AFTER_CALL(how); \
        return result; \
    } while (0)

/* A call on a descriptor of a file or a folder. */
#define ON_FILE(fd, name, call) \
    do { \
        char buffer[600]; \
        int how = is_subject(fd) ? counted(name, 0, place_of(fd, buffer, sizeof buffer)) : -1; \
        __typeof__(call) result = call; \
        AFTER_CALL(how); \
        return result; \
    } while (0)

/* A call that writes so many bytes; `part` writes half of them. */
#define WRITING(fd, name, size, call, part) \
    do { \
        char buffer[600]; \
        int how = is_subject(fd) ? counted(name, (size) > 1, place_of(fd, buffer, sizeof buffer)) : -1; \
        if (how == TORN) { part; die(); } \
        __typeof__(call) result = call; \
        AFTER_CALL(how); \
        return result; \
    } while (0)

/* A call that reads from a socket. */
#define READING(fd, name, call) \
    do { \
        int how = is_own() && is_inet(fd) && has_arrived(fd) ? counted(name, 0, "socket") : -1; \
        __typeof__(call) result = call; \
        AFTER_CALL(how); \
        return result; \
    } while (0)

/* Only an open that may create, cut or write. */
#define OPENING(name, real_call) \
    do { \
        mode_t rights = 0; \
        if (flags & (O_CREAT | O_TMPFILE)) { \
            va_list more; \
            va_start(more, flags); \
            rights = va_arg(more, mode_t); \
            va_end(more); \
        } \
        if ((flags & (O_CREAT | O_TRUNC)) || (flags & O_ACCMODE) != O_RDONLY) { \
            if (strncmp(path, "/dev/", 5) && strncmp(path, "/proc/", 6)) ON_PATH(path, name, real_call); \
        } \
        return real_call; \
    } while (0)

int open(const char *path, int flags, ...) {
    REAL(int, "open", const char *, int, ...);
    OPENING("open", real(path, flags, rights));
}

int open64(const char *path, int flags, ...) {
    REAL(int, "open64", const char *, int, ...);
    OPENING("open", real(path, flags, rights));
}

int openat(int folder, const char *path, int flags, ...) {
    REAL(int, "openat", int, const char *, int, ...);
    OPENING("openat", real(folder, path, flags, rights));
}

int openat64(int folder, const char *path, int flags, ...) {
    REAL(int, "openat64", int, const char *, int, ...);
    OPENING("openat", real(folder, path, flags, rights));
}

int creat(const char *path, mode_t rights) {
    REAL(int, "creat", const char *, mode_t);
    ON_PATH(path, "creat", real(path, rights));
}

int creat64(const char *path, mode_t rights) {
    REAL(int, "creat64", const char *, mode_t);
    ON_PATH(path, "creat", real(path, rights));
}

ssize_t write(int fd, const void *bytes, size_t size) {
    REAL(ssize_t, "write", int, const void *, size_t);
    WRITING(fd, "write", size, real(fd, bytes, size), real(fd, bytes, size / 2));
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at) {
    REAL(ssize_t, "pwrite", int, const void *, size_t, off_t);
    WRITING(fd, "pwrite", size, real(fd, bytes, size, at), real(fd, bytes, size / 2, at));
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at) {
    REAL(ssize_t, "pwrite64", int, const void *, size_t, off64_t);
    WRITING(fd, "pwrite", size, real(fd, bytes, size, at), real(fd, bytes, size / 2, at));
}

/* Half of the bytes of a list of buffers, one buffer a call. */
static void half_of(int fd, const struct iovec *parts, int count) {
    size_t left = 0;
    for (int part = 0; part < count; part++) left += parts[part].iov_len;
    left /= 2;
    for (int part = 0; part < count && left > 0; part++) {
        size_t size = parts[part].iov_len < left ? parts[part].iov_len : left;
        syscall(SYS_write, fd, parts[part].iov_base, size);
        left -= size;
    }
}

ssize_t writev(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "writev", int, const struct iovec *, int);
    WRITING(fd, "writev", 2, real(fd, parts, count), half_of(fd, parts, count));
}

ssize_t send(int fd, const void *bytes, size_t size, int flags) {
    REAL(ssize_t, "send", int, const void *, size_t, int);
    WRITING(fd, "send", size, real(fd, bytes, size, flags), real(fd, bytes, size / 2, flags));
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t length) {
    REAL(ssize_t, "sendto", int, const void *, size_t, int, const struct sockaddr *, socklen_t);
    WRITING(fd, "sendto", size, real(fd, bytes, size, flags, to, length), real(fd, bytes, size / 2, flags, to, length));
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags) {
    REAL(ssize_t, "sendmsg", int, const struct msghdr *, int);
    WRITING(fd, "sendmsg", 2, real(fd, message, flags), half_of(fd, message->msg_iov, (int)message->msg_iovlen));
}

ssize_t sendfile(int to, int from, off_t *at, size_t size) {
    REAL(ssize_t, "sendfile", int, int, off_t *, size_t);
    WRITING(to, "sendfile", size, real(to, from, at, size), real(to, from, at, size / 2));
}

ssize_t sendfile64(int to, int from, off64_t *at, size_t size) {
    REAL(ssize_t, "sendfile64", int, int, off64_t *, size_t);
    WRITING(to, "sendfile", size, real(to, from, at, size), real(to, from, at, size / 2));
}

ssize_t copy_file_range(int from, off64_t *a, int to, off64_t *b, size_t size, unsigned flags) {
    REAL(ssize_t, "copy_file_range", int, off64_t *, int, off64_t *, size_t, unsigned);
    WRITING(to, "copy_file_range", size, real(from, a, to, b, size, flags), real(from, a, to, b, size / 2, flags));
}

ssize_t read(int fd, void *bytes, size_t size) {
    REAL(ssize_t, "read", int, void *, size_t);
    READING(fd, "read", real(fd, bytes, size));
}

ssize_t readv(int fd, const struct iovec *parts, int count) {
    REAL(ssize_t, "readv", int, const struct iovec *, int);
    READING(fd, "readv", real(fd, parts, count));
}

ssize_t recv(int fd, void *bytes, size_t size, int flags) {
    REAL(ssize_t, "recv", int, void *, size_t, int);
    READING(fd, "recv", real(fd, bytes, size, flags));
}

ssize_t recvfrom(int fd, void *bytes, size_t size, int flags, struct sockaddr *from, socklen_t *length) {
    REAL(ssize_t, "recvfrom", int, void *, size_t, int, struct sockaddr *, socklen_t *);
    READING(fd, "recvfrom", real(fd, bytes, size, flags, from, length));
}

ssize_t recvmsg(int fd, struct msghdr *message, int flags) {
    REAL(ssize_t, "recvmsg", int, struct msghdr *, int);
    READING(fd, "recvmsg", real(fd, message, flags));
}

int connect(int fd, const struct sockaddr *to, socklen_t length) {
    REAL(int, "connect", int, const struct sockaddr *, socklen_t);
    if (to->sa_family != AF_INET && to->sa_family != AF_INET6) return real(fd, to, length);
    ON_PATH("socket", "connect", real(fd, to, length));
}

int shutdown(int fd, int how_far) {
    REAL(int, "shutdown", int, int);
    if (!is_inet(fd)) return real(fd, how_far);
    ON_PATH("socket", "shutdown", real(fd, how_far));
}

int fsync(int fd) {
    REAL(int, "fsync", int);
    ON_FILE(fd, "fsync", real(fd));
}

int fdatasync(int fd) {
    REAL(int, "fdatasync", int);
    ON_FILE(fd, "fdatasync", real(fd));
}

int flock(int fd, int operation) {
    REAL(int, "flock", int, int);
    ON_FILE(fd, operation & LOCK_UN ? "flock-un" : "flock", real(fd, operation));
}

int ftruncate(int fd, off_t size) {
    REAL(int, "ftruncate", int, off_t);
    ON_FILE(fd, "ftruncate", real(fd, size));
}

int ftruncate64(int fd, off64_t size) {
    REAL(int, "ftruncate64", int, off64_t);
    ON_FILE(fd, "ftruncate", real(fd, size));
}

int fchmod(int fd, mode_t rights) {
    REAL(int, "fchmod", int, mode_t);
    ON_FILE(fd, "fchmod", real(fd, rights));
}

int chmod(const char *path, mode_t rights) {
    REAL(int, "chmod", const char *, mode_t);
    ON_PATH(path, "chmod", real(path, rights));
}

int utimes(const char *path, const struct timeval times[2]) {
    REAL(int, "utimes", const char *, const struct timeval *);
    ON_PATH(path, "utimes", real(path, times));
}

int rename(const char *from, const char *to) {
    REAL(int, "rename", const char *, const char *);
    ON_PATH(to, "rename", real(from, to));
}

int renameat(int a, const char *from, int b, const char *to) {
    REAL(int, "renameat", int, const char *, int, const char *);
    ON_PATH(to, "renameat", real(a, from, b, to));
}

int link(const char *from, const char *to) {
    REAL(int, "link", const char *, const char *);
    ON_PATH(to, "link", real(from, to));
}

int linkat(int a, const char *from, int b, const char *to, int flags) {
    REAL(int, "linkat", int, const char *, int, const char *, int);
    ON_PATH(to, "linkat", real(a, from, b, to, flags));
}

int symlink(const char *target, const char *path) {
    REAL(int, "symlink", const char *, const char *);
    ON_PATH(path, "symlink", real(target, path));
}

int unlink(const char *path) {
    REAL(int, "unlink", const char *);
    ON_PATH(path, "unlink", real(path));
}

int unlinkat(int folder, const char *path, int flags) {
    REAL(int, "unlinkat", int, const char *, int);
    ON_PATH(path, "unlinkat", real(folder, path, flags));
}

int rmdir(const char *path) {
    REAL(int, "rmdir", const char *);
    ON_PATH(path, "rmdir", real(path));
}

int mkdir(const char *path, mode_t rights) {
    REAL(int, "mkdir", const char *, mode_t);
    ON_PATH(path, "mkdir", real(path, rights));
}

int mkdirat(int folder, const char *path, mode_t rights) {
    REAL(int, "mkdirat", int, const char *, mode_t);
    ON_PATH(path, "mkdirat", real(folder, path, rights));
}

/* What is asked of the kernel without the C library: only renameat2 so far, which renames without replacing. The suite
   compares with strace, and fails if another one is missing here. */
#if defined(__x86_64__)
#define REGISTER(context, place) ((context)->uc_mcontext.gregs[(int[]){REG_RDI, REG_RSI, REG_RDX, REG_R10, REG_R8}[place]])
#define RESULT(context) ((context)->uc_mcontext.gregs[REG_RAX])
#elif defined(__aarch64__)
#define REGISTER(context, place) ((context)->uc_mcontext.regs[place])
#define RESULT(context) ((context)->uc_mcontext.regs[0])
#else
#error "the shim does not know this processor"
#endif

/* The one place from which the filter lets it through. */
long pass_through(long a, const char *from, long b, const char *to, long flags);
extern const char pass_through_end[];
#if defined(__x86_64__)
__asm__(".text\n.globl pass_through\n.hidden pass_through\n.hidden pass_through_end\npass_through:\n"
        "mov %rcx, %r10\nmov $316, %eax\nsyscall\n.globl pass_through_end\npass_through_end:\nret\n");
#else
__asm__(".text\n.globl pass_through\n.hidden pass_through\n.hidden pass_through_end\npass_through:\n"
        "mov x8, #276\nsvc #0\n.globl pass_through_end\npass_through_end:\nret\n");
#endif

static void on_kernel_call(int signal, siginfo_t *about, void *data) {
    ucontext_t *context = data;
    (void)signal, (void)about;
    const char *to = (const char *)REGISTER(context, 3);
    int how = is_own() ? counted("renameat2", 0, to) : -1;
    long result = pass_through(REGISTER(context, 0), (const char *)REGISTER(context, 1), REGISTER(context, 2), to, REGISTER(context, 4));
    AFTER_CALL(how);
    RESULT(context) = result;
}

static void trap_kernel_calls(void) {
    struct sigaction action = {.sa_sigaction = on_kernel_call, .sa_flags = SA_SIGINFO | SA_NODEFER};
    sigaction(SIGSYS, &action, NULL);
    uint64_t place = (uint64_t)(uintptr_t)pass_through_end;
    struct sock_filter rules[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_renameat2, 0, 5),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)place, 0, 2),
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, instruction_pointer) + 4),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)(place >> 32), 1, 0),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_TRAP),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog filter = {.len = sizeof rules / sizeof *rules, .filter = rules};
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &filter)) abort();
}
