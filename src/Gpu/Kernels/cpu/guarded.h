// Memory between pages that may not be touched: a kernel that reads or writes behind its end stops there, as on a card, and not
// where the numbers are missed.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

namespace cpu_device {

struct Guarded {
  static constexpr size_t Unit = 16;  // alignment; as many bytes behind an odd size are not guarded

  static size_t page() {
    static const size_t bytes = (size_t)sysconf(_SC_PAGESIZE);
    return bytes;
  }
  static size_t inner(size_t bytes) { return (bytes + Unit - 1) / Unit * Unit; }
  static size_t pages(size_t bytes) { return (inner(bytes) + page() - 1) / page() * page(); }

  // Null where there is no memory.
  static uint8_t* allocate(size_t bytes) {
    void* at = mmap(nullptr, pages(bytes) + 2 * page(), PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (at == MAP_FAILED) return nullptr;
    uint8_t* first = (uint8_t*)at + page();
    mprotect(first, pages(bytes), PROT_READ | PROT_WRITE);
    return first + pages(bytes) - inner(bytes);
  }
  static void release(uint8_t* at, size_t bytes) { munmap(at + inner(bytes) - pages(bytes) - page(), pages(bytes) + 2 * page()); }

  // What can be touched before and behind.
  static size_t before(size_t bytes) { return pages(bytes) - inner(bytes); }
  static size_t behind(size_t bytes) { return inner(bytes) - bytes; }
};

}  // namespace cpu_device
