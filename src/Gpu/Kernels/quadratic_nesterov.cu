#include "quadratic.h"
QUADRATICS(nesterov, NesterovRule)
