// The default problem, 64-32-10 with batches of 128, by adafac-mlp. Threads, lanes and shared bytes of a block:
// Networks/FusedLayout.cs.
#include "window_learned.h"

#define PARAMETERS                                                                                                             \
  const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes, const uint8_t *pixels, \
      const uint8_t *labels, double *losses, float *scratch, long long stride, long long arms, long long examples, const NetworkShape *shape
#define WINDOW \
  { works, segments, constants, starts, lanes, pixels, labels, losses, scratch, stride, arms, examples, shape }

KERNEL(window_adafac_pair, 128, 2)(PARAMETERS) { FusedWindow<LearnedWindowLane<AdafacFeatures, 4, 2>, 2>::run(WINDOW); }
KERNEL(window_adafac_lane, 128, 3)(PARAMETERS) { FusedWindow<LearnedWindowLane<AdafacFeatures, 4, 1>, 1>::run(WINDOW); }
