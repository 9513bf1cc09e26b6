// The default problem, 64-32-10 with batches of 128, by learnable Adam. Threads, lanes and shared bytes of a block:
// Networks/FusedLayout.cs.
#include "window_lane.h"

#define PARAMETERS                                                                                                             \
  const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes, const uint8_t *pixels, \
      const uint8_t *labels, double *losses, float *scratch, long long stride, long long arms, long long examples
#define WINDOW \
  { works, segments, constants, starts, lanes, pixels, labels, losses, scratch, stride, arms, examples, nullptr }

KERNEL(window_adam_pair, 128, 2)(PARAMETERS) { FusedWindow<ElementWiseLane<AdamRule, 2>, 2>::run(WINDOW); }
KERNEL(window_adam_lane, 128, 3)(PARAMETERS) { FusedWindow<ElementWiseLane<AdamRule, 1>, 1>::run(WINDOW); }
