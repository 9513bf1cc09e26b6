#include "quadratic.h"
QUADRATICS(sgdm, MomentumRule)
