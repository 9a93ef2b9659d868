// A PKCS#11 module that forwards every call to another one and fails on command. Beside it lie two files: PATH.target holds the path of the other module, PATH.control
// is mapped into memory, so that a test switches faults on and off, and reads counters, while calls run. For 64-bit Linux.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

typedef unsigned long W;
// No function of PKCS#11 2.40 has more than 8 arguments, all of them words; to those that have fewer the rest means nothing.
typedef W (*Function)(W, W, W, W, W, W, W, W);

enum { FUNCTIONS = 68, ORDERS = 8, CODES = 128 };
enum { OK = 0, GENERAL_ERROR = 5, DEVICE_REMOVED = 0x32, OPERATION_ACTIVE = 0x90, SESSION_CLOSED = 0xB0, SESSION_HANDLE_INVALID = 0xB3, TOKEN_NOT_PRESENT = 0xE0, BUFFER_TOO_SMALL = 0x150, NOT_INITIALIZED = 0x190 };

// The control file: 64-bit numbers. Kept in step with Shim.cs.
typedef struct {
  uint64_t seed;                 // of random faults
  uint64_t per_million;          // random faults in so many calls of the functions in `random`
  uint64_t removed;              // 1: the token is away
  uint64_t hang;                 // 1 + the function that hangs as long as this says so
  uint64_t hanging;              // threads that hang now
  uint64_t sessions;             // open now
  uint64_t objects;              // of sessions, alive now
  uint64_t faults;               // given so far
  uint64_t code_count;           // random faults have one of these codes
  uint64_t codes[CODES];
  uint64_t random[FUNCTIONS];    // 1: random faults
  uint64_t calls[FUNCTIONS];     // so far
  struct { uint64_t function, code, left; } orders[ORDERS]; // 1 + function; fails with the code while any are left
} Control;

enum {
  Initialize = 0, Finalize = 1, GetFunctionList = 3, GetSlotList = 4, GetSlotInfo = 5, GetTokenInfo = 6, OpenSession = 12, CloseSession = 13, CloseAllSessions = 14,
  CreateObject = 20, DestroyObject = 22, Encrypt = 30, Decrypt = 34, Sign = 43, GenerateKey = 58, GenerateKeyPair = 59, UnwrapKey = 61
};

static struct { unsigned char version[8]; Function functions[FUNCTIONS]; } list, *real;
static Control *control;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static struct { W session, object; } *objects;
static size_t object_count, object_room;

static uint64_t get(uint64_t *value) { return __atomic_load_n(value, __ATOMIC_ACQUIRE); }
static void add(uint64_t *value, int64_t by) { __atomic_add_fetch(value, by, __ATOMIC_ACQ_REL); }

static void publish(void) { __atomic_store_n(&control->objects, object_count, __ATOMIC_RELEASE); }

static void born(W session, W object) {
  pthread_mutex_lock(&lock);
  if (object_count == object_room) objects = realloc(objects, (object_room = object_room * 2 + 64) * sizeof *objects);
  objects[object_count].session = session;
  objects[object_count++].object = object;
  publish();
  pthread_mutex_unlock(&lock);
}

// One object, or all of a session, or all.
static void died(W session, W object) {
  pthread_mutex_lock(&lock);
  for (size_t i = 0; i < object_count;) {
    if ((!session || objects[i].session == session) && (!object || objects[i].object == object)) objects[i] = objects[--object_count];
    else i++;
  }
  publish();
  pthread_mutex_unlock(&lock);
}

static void all_died(void) {
  died(0, 0);
  __atomic_store_n(&control->sessions, 0, __ATOMIC_RELEASE);
}

static uint64_t draw(void) {
  uint64_t x = __atomic_add_fetch(&control->seed, 0x9E3779B97F4A7C15u, __ATOMIC_ACQ_REL);
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

static int ordered(int function, W *code) {
  for (int i = 0; i < ORDERS; i++) {
    if (get(&control->orders[i].function) != (uint64_t)function + 1) continue;
    uint64_t left = get(&control->orders[i].left);
    while (left > 0 && !__atomic_compare_exchange_n(&control->orders[i].left, &left, left - 1, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) { }
    if (left == 0) continue;
    *code = get(&control->orders[i].code);
    return 1;
  }
  return 0;
}

static int by_chance(int function, W *code) {
  uint64_t count = get(&control->code_count);
  if (count == 0 || !get(&control->random[function]) || draw() % 1000000 >= get(&control->per_million)) return 0;
  *code = get(&control->codes[draw() % count]);
  return 1;
}

// What is away has no slots and closes all sessions.
static int away(int function, W *a, W *answer) {
  if (!get(&control->removed)) return 0;
  if (function == Initialize || function == Finalize || function == GetFunctionList) return 0;
  if (get(&control->sessions) > 0) {
    W slots[64], count = 64;
    if (real->functions[GetSlotList](1, (W)slots, (W)&count, 0, 0, 0, 0, 0) == OK) {
      for (W i = 0; i < count; i++) real->functions[CloseAllSessions](slots[i], 0, 0, 0, 0, 0, 0, 0);
    }
    all_died();
    *answer = function == GetSlotList || function == GetSlotInfo || function == GetTokenInfo || function == OpenSession ? TOKEN_NOT_PRESENT : DEVICE_REMOVED;
  }
  else *answer = function == GetSlotInfo || function == GetTokenInfo || function == OpenSession ? TOKEN_NOT_PRESENT : SESSION_HANDLE_INVALID;
  if (function == GetSlotList) *(W *)a[2] = 0, *answer = OK;
  return 1;
}

static int ends_sessions(W code) {
  return code == SESSION_HANDLE_INVALID || code == SESSION_CLOSED || code == DEVICE_REMOVED || code == TOKEN_NOT_PRESENT || code == NOT_INITIALIZED;
}

static void count(int function, W *a) {
  switch (function) {
    case Finalize: all_died(); break;
    case OpenSession: add(&control->sessions, 1); break;
    case CloseSession: add(&control->sessions, -1); died(a[0], 0); break;
    case CreateObject: born(a[0], *(W *)a[3]); break;
    case GenerateKey: born(a[0], *(W *)a[4]); break;
    case UnwrapKey: born(a[0], *(W *)a[7]); break;
    case GenerateKeyPair: born(a[0], *(W *)a[6]); born(a[0], *(W *)a[7]); break;
    case DestroyObject: died(0, a[1]); break;
  }
}

static W forward(int function, W *a) {
  W answer = real->functions[function](a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]);
  if (answer == OK) count(function, a);
  return answer;
}

// A token that fails in the middle of an operation ends it, as the standard wants; one that does not is met when the code says that it is still active.
static void end_operation(int function, W *a) {
  if (function != Encrypt && function != Decrypt && function != Sign) return;
  unsigned char nothing[16384];
  W length = sizeof nothing;
  real->functions[function](a[0], a[1], a[2], (W)nothing, (W)&length, 0, 0, 0);
  explicit_bzero(nothing, sizeof nothing);
}

static W call(int function, W *a) {
  W answer;
  add(&control->calls[function], 1);
  if (get(&control->hang) == (uint64_t)function + 1) {
    add(&control->hanging, 1);
    while (get(&control->hang) == (uint64_t)function + 1) nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, 0);
    add(&control->hanging, -1);
  }
  if (away(function, a, &answer)) return answer;
  if (!ordered(function, &answer) && !by_chance(function, &answer)) return forward(function, a);
  add(&control->faults, 1);
  // Who says that a session is gone tells the truth.
  if (function == CloseSession && ends_sessions(answer)) forward(function, a);
  if (answer != BUFFER_TOO_SMALL && answer != OPERATION_ACTIVE) end_operation(function, a);
  return answer;
}

#define SHIM(n) static W shim_##n(W a, W b, W c, W d, W e, W f, W g, W h) { W all[8] = { a, b, c, d, e, f, g, h }; return call(n, all); }
#define TENS(X, t) X(t##0) X(t##1) X(t##2) X(t##3) X(t##4) X(t##5) X(t##6) X(t##7) X(t##8) X(t##9)
#define ALL(X) X(0) X(1) X(2) X(3) X(4) X(5) X(6) X(7) X(8) X(9) TENS(X, 1) TENS(X, 2) TENS(X, 3) TENS(X, 4) TENS(X, 5) X(60) X(61) X(62) X(63) X(64) X(65) X(66) X(67)
ALL(SHIM)
#define ENTRY(n) shim_##n,

static int text(const char *path, char *to, size_t room) {
  int file = open(path, O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  ssize_t length = read(file, to, room - 1);
  close(file);
  if (length <= 0) return 0;
  to[length] = 0;
  to[strcspn(to, "\r\n")] = 0;
  return 1;
}

static W load(void) {
  static const Function ours[FUNCTIONS] = { ALL(ENTRY) };
  Dl_info self;
  char path[4096], target[4096];
  if (!dladdr((void *)load, &self)) return GENERAL_ERROR;
  snprintf(path, sizeof path, "%s.target", self.dli_fname);
  if (!text(path, target, sizeof target)) return GENERAL_ERROR;
  snprintf(path, sizeof path, "%s.control", self.dli_fname);
  int file = open(path, O_RDWR | O_CLOEXEC);
  if (file < 0 || ftruncate(file, sizeof(Control))) return GENERAL_ERROR;
  control = mmap(0, sizeof(Control), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
  close(file);
  void *module = control == MAP_FAILED ? 0 : dlopen(target, RTLD_NOW | RTLD_LOCAL);
  if (!module) return GENERAL_ERROR;
  W (*get_list)(void *) = (W (*)(void *))dlsym(module, "C_GetFunctionList");
  if (!get_list || get_list(&real) != OK) return GENERAL_ERROR;
  memcpy(list.version, real->version, sizeof list.version);
  memcpy(list.functions, ours, sizeof ours);
  return OK;
}

W C_GetFunctionList(void **answer) {
  static pthread_mutex_t loading = PTHREAD_MUTEX_INITIALIZER;
  pthread_mutex_lock(&loading);
  W result = real ? OK : load();
  pthread_mutex_unlock(&loading);
  *answer = &list;
  return result;
}
