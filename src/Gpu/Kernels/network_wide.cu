// Perceptrons whose hidden layers are wide, 8 x 8 elements of a product in a thread; threads and shared bytes of a block: Networks/NetworkLayout.cs.
#include "network.h"

#define PARAMETERS                                                                                                                        \
  const NetworkShape *shape, const Work *works, const Segment *segments, const float *constants, const float *starts, float *lanes,       \
      const uint8_t *pixels, const uint8_t *labels, const Split *splits, double *losses, float *scratch, long long stride, long long arms, \
      long long count
#define WINDOW \
  { shape, works, segments, constants, starts, lanes, pixels, labels, splits, losses, scratch, stride, arms, count }

KERNEL(network_wide_shared, 256, 1)(PARAMETERS) { NetworkLane<8, true>::run(WINDOW); }
KERNEL(network_wide_global, 256, 1)(PARAMETERS) { NetworkLane<8, false>::run(WINDOW); }
