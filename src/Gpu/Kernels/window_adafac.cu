// The default problem, 64-32-10 with batches of 128, by adafac-mlp. Threads, lanes and shared bytes of a block:
// Networks/FusedLayout.cs.
#include "window_learned.h"

KERNEL(window_adafac_pair, 128, 2)(LEARNED_PARAMETERS) { FusedWindow<LearnedWindowLane<AdafacFeatures, 4, 2>, 2>::run(LEARNED_WINDOW); }
KERNEL(window_adafac_lane, 128, 3)(LEARNED_PARAMETERS) { FusedWindow<LearnedWindowLane<AdafacFeatures, 4, 1>, 1>::run(LEARNED_WINDOW); }
