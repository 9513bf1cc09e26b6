#include "quadratic_learned.h"
LEARNED_QUADRATICS(adafac, AdafacFeatures, 4)
