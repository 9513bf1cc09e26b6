#include "steps.h"

#define STEP_PARAMETERS                                                                                                          \
  const StepHeader *program, const StepJob *jobs, const StepSegment *segments, const float *thetas, const float *initials,       \
      const float *tables, float *state, float *losses, long long count, long long arms, long long lanes
#define STEP_WINDOW                                                                                                              \
  const float* constants = (const float*)(program + 1);                                                                          \
  StepWindow window{program, (const uint4*)(constants + ((program->constants + 3) & ~3)), jobs, segments, thetas, initials, tables, \
                    state, losses, arms, lanes};                                                                                 \
  int64_t index = (int64_t)block_x() * block_threads() + thread_x()

// Numbers in shared memory: constants, then [slot][thread].
KERNEL(steps_shared, 128, 1)(STEP_PARAMETERS) {
  STEP_WINDOW;
  float* memory = dynamic_shared<float>();
  for (int i = thread_x(); i < program->constants; i += block_threads()) memory[i] = constants[i];
  __syncthreads();
  if (index < count * arms) run_lane(window, index, SharedNumbers{memory, (uint32_t)(program->constants + thread_x()), (uint32_t)block_threads()});
}

// Programs with more slots than shared memory has: [slot][lane of the launch] in global memory.
KERNEL(steps_global, 128, 1)(STEP_PARAMETERS, float* values) {
  STEP_WINDOW;
  if (index < count * arms) run_lane(window, index, GlobalNumbers{values + index, constants, count * arms});
}
