#include "network.h"
COMMON_NETWORK(64, 128, 128, 10, 128)
