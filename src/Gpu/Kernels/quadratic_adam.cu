#include "quadratic.h"
QUADRATICS(adam, AdamRule)
