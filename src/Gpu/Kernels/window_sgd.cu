#include "window_lane.h"
ELEMENT_WISE_WINDOW(sgd, SgdRule)
