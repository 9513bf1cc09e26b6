#include "fibers.h"
#include "guarded.h"
#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <memory>
#include <vector>
#if !defined(__x86_64__)
#include <ucontext.h>
#endif

namespace cpu_device {

__thread Place here;
const char* const OutsideOfMemory = "a kernel touched what is outside of its memory";

namespace {

constexpr size_t StackBytes = 256 * 1024, GuardBytes = 64 * 1024;

// ---- changing stacks ---------------------------------------------------------------------------------------------------
#if defined(__x86_64__)
// What a called function must leave as it found it is pushed on the stack that is left; no call of the system.
typedef void* Context;
extern "C" void involute_change_stack(Context* from, Context to);
asm(R"(
.text
.hidden involute_change_stack
.globl involute_change_stack
.type involute_change_stack, @function
involute_change_stack:
  pushq %rbp
  pushq %rbx
  pushq %r12
  pushq %r13
  pushq %r14
  pushq %r15
  movq %rsp, (%rdi)
  movq %rsi, %rsp
  popq %r15
  popq %r14
  popq %r13
  popq %r12
  popq %rbx
  popq %rbp
  ret
.size involute_change_stack, .-involute_change_stack
)");
void change(Context& from, Context& to) { involute_change_stack(&from, to); }
void prepare(Context& context, uint8_t* stack, void (*entry)()) {
  uint64_t* top = (uint64_t*)(stack + StackBytes) - 2;  // a function begins with its return address below a multiple of 16
  *--top = 0;
  *--top = (uint64_t)entry;
  for (int i = 0; i < 6; i++) *--top = 0;
  context = top;
}
#else
typedef ucontext_t Context;
void change(Context& from, Context& to) { swapcontext(&from, &to); }
void prepare(Context& context, uint8_t* stack, void (*entry)()) {
  getcontext(&context);
  context.uc_stack.ss_sp = stack;
  context.uc_stack.ss_size = StackBytes;
  context.uc_link = nullptr;
  makecontext(&context, entry, 0);
}
#endif

// ---- a block -----------------------------------------------------------------------------------------------------------
constexpr int Named = 16, Warps = MostThreads / 32;

struct Barrier { int arrived; uint32_t generation; };

struct Fiber {
  Context context;
  uint8_t* stack;
  Barrier* waits;       // where it waits until the generation is another one; null: it can run
  uint32_t generation;
  bool done;
};

// Stacks of a thread of the CPU, kept from launch to launch.
struct Block {
  std::vector<Fiber> fibers;
  uint8_t* shared = nullptr;
  int sharedBytes = 0;
  Barrier barriers[Named + Warps];
  int running, alive, aliveOfWarp[Warps];
  Context scheduler;
  void (*kernel)();
  const uint64_t* arguments;
  int count, threads;
  bool backwards;

  ~Block() {
    for (Fiber& f : fibers) munmap(f.stack - GuardBytes, StackBytes + GuardBytes);
    if (shared) Guarded::release(shared, sharedBytes);
  }

  bool grow(int threads) {
    while ((int)fibers.size() < threads) {
      void* at = mmap(nullptr, StackBytes + GuardBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
      if (at == MAP_FAILED) return false;
      mprotect(at, GuardBytes, PROT_NONE);
      Fiber fiber{};
      fiber.stack = (uint8_t*)at + GuardBytes;
      fibers.push_back(fiber);
    }
    return true;
  }

  // Shared memory of exactly so many bytes; that of the launch before, where one has none.
  bool share(int bytes) {
    if (bytes == sharedBytes || bytes == 0) return true;
    if (shared) Guarded::release(shared, sharedBytes);
    shared = Guarded::allocate(bytes);
    sharedBytes = shared ? bytes : 0;
    return shared;
  }

  void release(Barrier& barrier) { barrier.arrived = 0; barrier.generation++; }

  void wait(Barrier& barrier, int expected) {
    Fiber& fiber = fibers[running];
    if (++barrier.arrived >= expected) { release(barrier); return; }
    fiber.waits = &barrier;
    fiber.generation = barrier.generation;
    leave(fiber.context);
  }

  // To the next fiber in turn that can run; where there is none, back to run_block.
  void leave(Context& from) {
    int t = running;
    for (int i = 0; i < threads; i++) {
      t = backwards ? (t == 0 ? threads - 1 : t - 1) : t + 1 == threads ? 0 : t + 1;
      Fiber& f = fibers[t];
      if (f.done || (f.waits && f.waits->generation == f.generation)) continue;
      f.waits = nullptr;
      if (t == running) return;
      here.thread = running = t;
      change(from, f.context);
      return;
    }
    change(from, scheduler);
  }

  // A thread that ended is not waited for.
  void ended() {
    int warp = running / 32;
    fibers[running].done = true;
    alive--;
    aliveOfWarp[warp]--;
    if (barriers[0].arrived > 0 && barriers[0].arrived >= alive) release(barriers[0]);
    if (barriers[Named + warp].arrived > 0 && barriers[Named + warp].arrived >= aliveOfWarp[warp]) release(barriers[Named + warp]);
    leave(fibers[running].context);
  }
};

thread_local std::unique_ptr<Block> owned;
__thread Block* block;  // the same: fibers find it without a test whether it was made

// A kernel takes pointers and 64-bit integers only: whole registers in every calling convention that there is for these.
void call(void (*kernel)(), const uint64_t* a, int count) {
  typedef uint64_t W;
  switch (count) {
    case 0: kernel(); break;
    case 1: ((void (*)(W))kernel)(a[0]); break;
    case 2: ((void (*)(W, W))kernel)(a[0], a[1]); break;
    case 3: ((void (*)(W, W, W))kernel)(a[0], a[1], a[2]); break;
    case 4: ((void (*)(W, W, W, W))kernel)(a[0], a[1], a[2], a[3]); break;
    case 5: ((void (*)(W, W, W, W, W))kernel)(a[0], a[1], a[2], a[3], a[4]); break;
    case 6: ((void (*)(W, W, W, W, W, W))kernel)(a[0], a[1], a[2], a[3], a[4], a[5]); break;
    case 7: ((void (*)(W, W, W, W, W, W, W))kernel)(a[0], a[1], a[2], a[3], a[4], a[5], a[6]); break;
    case 8: ((void (*)(W, W, W, W, W, W, W, W))kernel)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7]); break;
    default:  // arguments on the stack that a function does not take are not looked at
      ((void (*)(W, W, W, W, W, W, W, W, W, W, W, W, W, W, W, W))kernel)(a[0], a[1], a[2], a[3], a[4], a[5], a[6], a[7], a[8], a[9], a[10], a[11],
        a[12], a[13], a[14], a[15]);
      break;
  }
}

void fiber_entry() {
  Block& b = *block;
  call(b.kernel, b.arguments, b.count);
  b.ended();
  abort();  // one that ended is never run again
}

// ---- what is outside of a kernel's memory --------------------------------------------------------------------------------
__thread bool running;       // kernels, on this thread of the CPU
__thread sigjmp_buf before;  // where their launch began
struct sigaction others;     // what the process does about faults of its own

void fault(int signal, siginfo_t* about, void* context) {
  if (running) siglongjmp(before, 1);
  if (others.sa_flags & SA_SIGINFO) others.sa_sigaction(signal, about, context);
  else if (others.sa_handler != SIG_DFL && others.sa_handler != SIG_IGN) others.sa_handler(signal);
  else sigaction(signal, &others, nullptr);  // the fault comes again, and ends the process
}

const char* run_block(Block& b, int threads, bool backwards) {
  b.threads = threads;
  b.backwards = backwards;
  memset(b.barriers, 0, sizeof b.barriers);
  memset(b.aliveOfWarp, 0, sizeof b.aliveOfWarp);
  b.alive = threads;
  for (int t = 0; t < threads; t++) {
    Fiber& f = b.fibers[t];
    f.waits = nullptr;
    f.done = false;
    b.aliveOfWarp[t / 32]++;
    prepare(f.context, f.stack, fiber_entry);
  }
  here.thread = b.running = backwards ? threads - 1 : 0;
  change(b.scheduler, b.fibers[b.running].context);
  return b.alive > 0 ? "threads of a block wait at different barriers for ever" : nullptr;
}

}  // namespace

void block_barrier() { block->wait(block->barriers[0], block->alive); }
void warp_barrier() { int warp = block->running / 32; block->wait(block->barriers[Named + warp], block->aliveOfWarp[warp]); }
void named_barrier(int id, int threads) { block->wait(block->barriers[id], threads); }

const char* run_blocks(void (*kernel)(), const uint64_t* arguments, int count, int blocks, int threads, int sharedBytes, bool backwards) {
  if (!block) {
    owned = std::make_unique<Block>();
    block = owned.get();
  }
  Block& b = *block;
  if (!b.grow(threads) || !b.share(sharedBytes)) return "no memory for a block";
  uint64_t all[MostArguments] = {};
  memcpy(all, arguments, count * sizeof(uint64_t));
  b.kernel = kernel;
  b.arguments = all;
  b.count = count;
  here.shared = sharedBytes ? b.shared : nullptr;
  if (sigsetjmp(before, 1)) {
    running = false;
    return OutsideOfMemory;
  }
  running = true;
  const char* why = nullptr;
  for (int i = 0; i < blocks && !why; i++) {
    here.block = backwards ? blocks - 1 - i : i;
    here.threads = threads;
    here.blocks = blocks;
    if (sharedBytes) memset(here.shared, 0xFF, sharedBytes);  // not a number, however it is read: nothing may be read before it is written
    why = run_block(b, threads, backwards);
  }
  running = false;
  return why;
}

void catch_faults() {
  static bool done;
  if (done) return;
  done = true;
  Dl_info self;
  if (dladdr((void*)&fault, &self)) dlopen(self.dli_fname, RTLD_NOLOAD | RTLD_NODELETE | RTLD_LAZY);  // the code must stay
  struct sigaction action = {};
  action.sa_sigaction = fault;
  action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART;
  sigaction(SIGSEGV, &action, &others);
}

}  // namespace cpu_device
