// The CUDA driver's functions that src/Gpu/Driver binds, with the CPU in the place of a card: what is tested with it is the
// binding as well, and everything above. Stricter than a card where that finds mistakes:
//   work of a stream runs as late as it may (when the stream is waited for), in the order of the stream;
//   buffers and the shared memory of a block end at a page that may not be touched, and behind one: a launch that does fails;
//   fresh memory is full of a pattern, and so is what lies between it and those pages: writes there are found when the stream is waited for;
//   kernels are known by what the PTX text says of them: name, parameters, most threads.
// INVOLUTE_CPU_DEVICE_FAULTS (faults.h) makes it fail.
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include "faults.h"
#include "fibers.h"
#include "guarded.h"
#include "ptx_text.h"

using namespace cpu_device;

namespace {

// cuda.h: CUresult, CUdevice_attribute, CUfunction_attribute.
enum Result {
  Success = 0, InvalidValue = 1, OutOfMemory = 2, NotInitialized = 3, NoDevice = 100, InvalidDevice = 101, InvalidContext = 201,
  NoBinary = 209, InvalidPtx = 218, NotFound = 500, IllegalAddress = 700, LaunchOutOfResources = 701, LaunchFailed = 719,
};
constexpr int Multiprocessors = 2, SharedBytes = 227 * 1024, DefaultSharedBytes = 48 * 1024;
constexpr size_t MostGuardBytes = 256;
constexpr uint8_t Pattern = 0xCB;

struct Module { std::vector<Entry> entries; };
struct Function { Entry entry; void (*code)(); int dynamicShared; };
struct Stream { std::recursive_mutex lock; std::vector<std::function<Result()>> work; };

struct Card {
  std::mutex lock;
  bool initialized, told;
  Faults faults;
  Result broken = Success;  // once a launch failed, everything does
  long long launches, used;
  std::map<uint64_t, size_t> buffers;
  std::vector<std::shared_ptr<Stream>> streams;  // one that is destroyed while another thread runs all of them lives until that is done
} card;
int context;  // its address is the primary context
__thread void* current;

typedef std::lock_guard<std::mutex> Locked;

Result ready() {
  Locked locked(card.lock);
  return !card.initialized ? NotInitialized : current != &context ? InvalidContext : card.broken;
}
Result breaks(Result result, const char* why) {
  if (why) fprintf(stderr, "involute-cpu-device: %s\n", why);
  Locked locked(card.lock);
  return card.broken = result;
}
// The buffer in which these bytes lie; not that of others.
bool inside(uint64_t address, size_t bytes) {
  Locked locked(card.lock);
  auto next = card.buffers.upper_bound(address);
  if (next == card.buffers.begin()) return false;
  auto buffer = std::prev(next);
  return address + bytes <= buffer->first + buffer->second;
}
bool guards_whole(uint64_t address, size_t bytes) {
  const uint8_t* at = (const uint8_t*)address;
  for (size_t i = 0; i < Guarded::before(bytes) && i < MostGuardBytes; i++) if (at[-1 - (ptrdiff_t)i] != Pattern) return false;
  for (size_t i = 0; i < Guarded::behind(bytes); i++) if (at[bytes + i] != Pattern) return false;
  return true;
}
Result check_guards() {
  {
    Locked locked(card.lock);
    if (card.broken) return card.broken;
    bool whole = true;
    for (auto& buffer : card.buffers) whole &= guards_whole(buffer.first, buffer.second);
    if (whole) return Success;
  }
  return breaks(IllegalAddress, "a kernel wrote outside of a buffer");
}
Result run(Stream& stream) {
  std::lock_guard<std::recursive_mutex> locked(stream.lock);
  auto work = std::move(stream.work);
  stream.work.clear();
  for (auto& step : work)
    if (Result result = step()) return result;
  return Success;
}
Result run_all() {
  std::vector<std::shared_ptr<Stream>> streams;
  { Locked locked(card.lock); streams = card.streams; }
  for (auto& stream : streams) if (Result result = run(*stream)) return result;
  return Success;
}
template <typename F> Result later(Stream* stream, F step) {
  if (Result result = ready()) return result;
  if (!stream) return InvalidValue;
  std::lock_guard<std::recursive_mutex> locked(stream->lock);
  stream->work.push_back([step] { Result now = ready(); return now ? now : step(); });
  return stream->work.size() < 4096 ? Success : run(*stream);
}
void* kernel_code(const char* name) {
  Dl_info self;
  if (!dladdr((void*)&kernel_code, &self)) return nullptr;
  void* library = dlopen(self.dli_fname, RTLD_NOLOAD | RTLD_LAZY);
  if (!library) return nullptr;
  void* code = dlsym(library, name);
  dlclose(library);
  return code;
}

}  // namespace

#define EXPORT extern "C" __attribute__((visibility("default")))

// Faults from now on, as the variable of the environment has them; what is broken is whole again.
EXPORT int involuteCpuDeviceFaults(const char* text) {
  Locked locked(card.lock);
  card.faults = Faults::read(text);
  card.told = true;
  card.broken = Success;
  card.launches = 0;
  return Success;
}

// ---- driver and device -------------------------------------------------------------------------------------------------
EXPORT Result cuInit(unsigned) {
  Locked locked(card.lock);
  if (!card.initialized && !card.told) card.faults = Faults::read(getenv("INVOLUTE_CPU_DEVICE_FAULTS"));
  card.initialized = true;
  catch_faults();
  return card.faults.noDevice ? NoDevice : Success;
}
EXPORT Result cuDriverGetVersion(int* version) { *version = (int)card.faults.version; return Success; }
EXPORT Result cuDeviceGetCount(int* count) { *count = card.faults.noDevice ? 0 : 1; return card.initialized ? Success : NotInitialized; }
EXPORT Result cuDeviceGet(int* device, int ordinal) { *device = 0; return ordinal != 0 || card.faults.noDevice ? InvalidDevice : Success; }
EXPORT Result cuDeviceGetName(char* name, int length, int) { snprintf(name, length, "the CPU in the place of a card"); return Success; }
EXPORT Result cuDeviceTotalMem_v2(size_t* bytes, int) { *bytes = card.faults.memory; return Success; }
EXPORT Result cuDeviceGetAttribute(int* value, int attribute, int) {
  switch (attribute) {
    case 1: *value = MostThreads; return Success;
    case 16: *value = Multiprocessors; return Success;
    case 75: *value = (int)card.faults.capability / 10; return Success;
    case 76: *value = (int)card.faults.capability % 10; return Success;
    case 97: *value = SharedBytes; return Success;
    default: return InvalidValue;
  }
}
EXPORT Result cuDevicePrimaryCtxRetain(void** to, int) { *to = &context; return card.broken; }
EXPORT Result cuDevicePrimaryCtxRelease_v2(int) { return Success; }
EXPORT Result cuCtxSetCurrent(void* to) { current = to; return Success; }
EXPORT Result cuGetErrorName(Result error, const char** name) {
  switch (error) {
    case Success: *name = "CUDA_SUCCESS"; break;
    case InvalidValue: *name = "CUDA_ERROR_INVALID_VALUE"; break;
    case OutOfMemory: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
    case NotInitialized: *name = "CUDA_ERROR_NOT_INITIALIZED"; break;
    case NoDevice: *name = "CUDA_ERROR_NO_DEVICE"; break;
    case InvalidDevice: *name = "CUDA_ERROR_INVALID_DEVICE"; break;
    case InvalidContext: *name = "CUDA_ERROR_INVALID_CONTEXT"; break;
    case NoBinary: *name = "CUDA_ERROR_NO_BINARY_FOR_GPU"; break;
    case InvalidPtx: *name = "CUDA_ERROR_INVALID_PTX"; break;
    case NotFound: *name = "CUDA_ERROR_NOT_FOUND"; break;
    case IllegalAddress: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
    case LaunchOutOfResources: *name = "CUDA_ERROR_LAUNCH_OUT_OF_RESOURCES"; break;
    case LaunchFailed: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
    default: *name = nullptr; return InvalidValue;
  }
  return Success;
}
EXPORT Result cuGetErrorString(Result error, const char** text) {
  switch (error) {
    case Success: *text = "no error"; break;
    case InvalidValue: *text = "invalid argument"; break;
    case OutOfMemory: *text = "out of memory"; break;
    case NotInitialized: *text = "initialization error"; break;
    case NoDevice: *text = "no CUDA-capable device is detected"; break;
    case InvalidDevice: *text = "invalid device ordinal"; break;
    case InvalidContext: *text = "invalid device context"; break;
    case NoBinary: *text = "no kernel image is available for execution on the device"; break;
    case InvalidPtx: *text = "a PTX JIT compilation failed"; break;
    case NotFound: *text = "named symbol not found"; break;
    case IllegalAddress: *text = "an illegal memory access was encountered"; break;
    case LaunchOutOfResources: *text = "too many resources requested for launch"; break;
    case LaunchFailed: *text = "unspecified launch failure"; break;
    default: *text = nullptr; return InvalidValue;
  }
  return Success;
}

// ---- modules -----------------------------------------------------------------------------------------------------------
EXPORT Result cuModuleLoadDataEx(void** to, const void* image, unsigned count, const int* options, void** values) {
  if (Result result = ready()) return result;
  auto module = new Module;
  std::string why;
  bool read = read_ptx((const char*)image, module->entries, why);
  for (size_t i = 0; read && i < module->entries.size(); i++)
    if (!kernel_code(module->entries[i].name.c_str())) { why = "kernel " + module->entries[i].name + " is not in this library: scripts/gpu-kernels cpu makes it again"; break; }
  if (why.empty()) { *to = module; return Success; }
  size_t length = 0;
  for (unsigned i = 0; i < count; i++) if (options[i] == 6) length = (size_t)values[i];  // ERROR_LOG_BUFFER_SIZE_BYTES
  for (unsigned i = 0; i < count; i++) if (options[i] == 5 && length) snprintf((char*)values[i], length, "%s", why.c_str());
  delete module;
  return read ? NoBinary : InvalidPtx;
}
EXPORT Result cuModuleUnload(void* module) {
  Result result = run_all();
  delete (Module*)module;
  return result;
}
EXPORT Result cuModuleGetFunction(void** to, void* module, const char* name) {
  if (Result result = ready()) return result;
  for (Entry& entry : ((Module*)module)->entries)
    if (entry.name == name) { *to = new Function{entry, (void (*)())kernel_code(name), DefaultSharedBytes}; return Success; }  // lives as long as the process, as a few do
  return NotFound;
}
EXPORT Result cuFuncSetAttribute(void* function, int attribute, int value) {
  if (Result result = ready()) return result;
  if (attribute == 8) {  // MAX_DYNAMIC_SHARED_SIZE_BYTES
    if (value < 0 || value > SharedBytes) return InvalidValue;
    ((Function*)function)->dynamicShared = value;
  }
  return attribute == 8 || attribute == 9 ? Success : InvalidValue;
}
EXPORT Result cuOccupancyMaxActiveBlocksPerMultiprocessor(int* blocks, void* function, int threads, size_t shared) {
  if (Result result = ready()) return result;
  if (threads < 1) return InvalidValue;
  int byThreads = 2048 / threads, byShared = (int)((SharedBytes + 1024) / (shared + 1024));
  *blocks = threads > ((Function*)function)->entry.mostThreads ? 0 : byThreads < byShared ? byThreads : byShared;
  return Success;
}

// ---- memory ------------------------------------------------------------------------------------------------------------
EXPORT Result cuMemAlloc_v2(uint64_t* to, size_t bytes) {
  if (Result result = ready()) return result;
  if (bytes == 0) return InvalidValue;
  Locked locked(card.lock);
  if (card.used + (long long)bytes > card.faults.memory) return OutOfMemory;
  uint8_t* at = Guarded::allocate(bytes);
  if (!at) return OutOfMemory;
  memset(at - Guarded::before(bytes), Pattern, Guarded::pages(bytes));
  *to = (uint64_t)at;
  card.used += (long long)bytes;
  card.buffers[*to] = bytes;
  return Success;
}
EXPORT Result cuMemFree_v2(uint64_t address) {
  Result result = run_all();  // as a card does, which waits for what may use it
  if (!result) result = check_guards();
  Locked locked(card.lock);
  auto buffer = card.buffers.find(address);
  if (buffer == card.buffers.end()) return InvalidValue;
  card.used -= (long long)buffer->second;
  Guarded::release((uint8_t*)address, buffer->second);
  card.buffers.erase(buffer);
  return result;
}
EXPORT Result cuMemGetInfo_v2(size_t* unused, size_t* all) {
  if (Result result = ready()) return result;
  Locked locked(card.lock);
  *all = card.faults.memory;
  *unused = card.faults.memory - card.used;
  return Success;
}
EXPORT Result cuMemHostAlloc(void** to, size_t bytes, unsigned) {
  if (Result result = ready()) return result;
  *to = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
  return *to ? Success : OutOfMemory;
}
EXPORT Result cuMemFreeHost(void* at) { Result result = run_all(); free(at); return result; }

// ---- streams -----------------------------------------------------------------------------------------------------------
EXPORT Result cuStreamCreate(Stream** to, unsigned) {
  if (Result result = ready()) return result;
  auto stream = std::make_shared<Stream>();
  *to = stream.get();
  Locked locked(card.lock);
  card.streams.push_back(stream);
  return Success;
}
EXPORT Result cuStreamDestroy_v2(Stream* stream) {
  Result result = run(*stream);
  Locked locked(card.lock);
  for (size_t i = 0; i < card.streams.size(); i++) if (card.streams[i].get() == stream) { card.streams.erase(card.streams.begin() + i); break; }
  return result;
}
EXPORT Result cuStreamSynchronize(Stream* stream) {
  if (Result result = ready()) return result;
  Result result = run(*stream);
  return result ? result : check_guards();
}
EXPORT Result cuMemcpyHtoDAsync_v2(uint64_t to, const void* from, size_t bytes, Stream* stream) {
  if (!inside(to, bytes)) return InvalidValue;
  return later(stream, [=] { memcpy((void*)to, from, bytes); return Success; });
}
EXPORT Result cuMemcpyDtoHAsync_v2(void* to, uint64_t from, size_t bytes, Stream* stream) {
  if (!inside(from, bytes)) return InvalidValue;
  return later(stream, [=] {
    memcpy(to, (const void*)from, bytes);
    if (card.faults.wrong) *(uint8_t*)to ^= 1;
    return Success;
  });
}
EXPORT Result cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t bytes, Stream* stream) {
  if (!inside(to, bytes) || !inside(from, bytes)) return InvalidValue;
  return later(stream, [=] { memcpy((void*)to, (const void*)from, bytes); return Success; });
}
EXPORT Result cuMemsetD8Async(uint64_t to, unsigned char value, size_t bytes, Stream* stream) {
  if (!inside(to, bytes)) return InvalidValue;
  return later(stream, [=] { memset((void*)to, value, bytes); return Success; });
}
EXPORT Result cuLaunchKernel(void* kernel, unsigned gridX, unsigned gridY, unsigned gridZ, unsigned blockX, unsigned blockY, unsigned blockZ,
                             unsigned sharedBytes, Stream* stream, void** parameters, void** extra) {
  const Function& function = *(Function*)kernel;
  if (gridY != 1 || gridZ != 1 || blockY != 1 || blockZ != 1 || extra || gridX < 1 || gridX > 0x7FFFFFFFu || blockX < 1 ||
      (int)blockX > function.entry.mostThreads || (int)sharedBytes > function.dynamicShared)
    return InvalidValue;
  std::vector<uint64_t> arguments(function.entry.parameters);
  for (int i = 0; i < function.entry.parameters; i++) arguments[i] = *(uint64_t*)parameters[i];
  auto code = function.code;
  return later(stream, [=] {
    {
      Locked locked(card.lock);
      card.launches++;
    }
    if (card.faults.lost && card.launches >= card.faults.lost) return breaks(LaunchFailed, nullptr);
    const char* why = run_blocks(code, arguments.data(), (int)arguments.size(), (int)gridX, (int)blockX, (int)sharedBytes, card.faults.backwards);
    return why ? breaks(why == OutsideOfMemory ? IllegalAddress : LaunchFailed, why) : Success;
  });
}
