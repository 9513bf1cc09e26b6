#include "quadratic.h"
QUADRATICS(sgd, SgdRule)
