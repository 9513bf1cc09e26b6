#include "network.h"
COMMON_NETWORK(784, 128, 128, 10, 128)
