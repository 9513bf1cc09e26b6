// Perceptrons of any sizes; threads and shared bytes of a block: Networks/NetworkKernel.cs.
#include "network.h"

KERNEL(network_shared, 256, 2)(NETWORK_PARAMETERS) { NetworkLane<4, true>::run(NETWORK_WINDOW); }
KERNEL(network_global, 256, 2)(NETWORK_PARAMETERS) { NetworkLane<4, false>::run(NETWORK_WINDOW); }
