// Perceptrons whose hidden layers are wide, 8 x 8 elements of a product in a thread; threads and shared bytes of a block: Networks/NetworkKernel.cs.
#include "network.h"

KERNEL(network_wide_shared, 256, 1)(NETWORK_PARAMETERS) { NetworkLane<8, true>::run(NETWORK_WINDOW); }
KERNEL(network_wide_global, 256, 1)(NETWORK_PARAMETERS) { NetworkLane<8, false>::run(NETWORK_WINDOW); }
