#include "quadratic.h"
QUADRATICS(rmsprop, RmsPropRule)
