// The threads of a block as fibers of one thread of the CPU: each runs until it waits at a barrier, then the next one does.
#pragma once
#include <stdint.h>

namespace cpu_device {

// Where the fiber stands that runs now.
struct Place {
  int thread, block, threads, blocks;
  uint8_t* shared;  // dynamic shared memory of the block
};
extern __thread Place here;

void block_barrier();                       // of all threads of the block that have not ended
void warp_barrier();                        // of the 32 threads of the warp that have not ended
void named_barrier(int id, int threads);    // 1 to 15; of so many threads

constexpr int MostThreads = 1024, MostArguments = 16;

// Runs the blocks of a launch, one after the other. Null, or why it cannot go on; OutsideOfMemory only after catch_faults().
extern const char* const OutsideOfMemory;
const char* run_blocks(void (*kernel)(), const uint64_t* arguments, int count, int blocks, int threads, int sharedBytes, bool backwards);

// From now on, what a kernel touches and may not touch ends its launch, not the process.
void catch_faults();

}  // namespace cpu_device
