#include "quadratic_learned.h"
LEARNED_QUADRATICS(mlp, MlpFeatures, 32)
