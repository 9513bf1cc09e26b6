// Small kernels that show whether a device, its driver and the binding do what the others rely on.
#include "gpu.h"

// Each block reverses its part of an array through dynamic shared memory.
KERNEL(smoke_reverse, 256, 1)(const float* from, float* to, long long count) {
  float* part = dynamic_shared<float>();
  long long at = (long long)block_x() * block_threads() + thread_x();
  if (at < count) part[thread_x()] = from[at];
  __syncthreads();
  if (at < count) to[at] = part[block_threads() - 1 - thread_x()];
}

// The arithmetic whose bits matter: [operation][element]. Sum, difference, product, quotient, root, fused multiply-add; the last
// one rounded in two steps as well, which no compiler may contract.
KERNEL(smoke_arithmetic, 256, 1)(const float* a, const float* b, const float* c, float* results, long long count) {
  long long i = (long long)block_x() * block_threads() + thread_x();
  if (i >= count) return;
  float x = a[i], y = b[i], z = c[i];
  results[i] = x + y;
  results[count + i] = x - y;
  results[2 * count + i] = x * y;
  results[3 * count + i] = x / y;
  results[4 * count + i] = sqrtf(x);
  results[5 * count + i] = __fmaf_rn(x, y, z);
  results[6 * count + i] = x * y + z;
}

// The same in double precision: sum, product, quotient, root, fused multiply-add.
KERNEL(smoke_doubles, 256, 1)(const double* a, const double* b, const double* c, double* results, long long count) {
  long long i = (long long)block_x() * block_threads() + thread_x();
  if (i >= count) return;
  double x = a[i], y = b[i], z = c[i];
  results[i] = x + y;
  results[count + i] = x * y;
  results[2 * count + i] = x / y;
  results[3 * count + i] = sqrt(x);
  results[4 * count + i] = __fma_rn(x, y, z);
}

// 128 threads, two teams of 64: a running sum within each team, place by place, behind each kind of barrier in turn.
KERNEL(smoke_barriers, 128, 1)(const long long* from, long long* to) {
  __shared__ long long sums[128];
  const int t = thread_x(), team = t / 64, warp = t / 32 * 32, first = team * 64;
  long long at = (long long)block_x() * 128 + t;
  sums[t] = from[at];
  __syncwarp();
  long long ofWarp = 0;
  for (int i = warp; i <= t; i++) ofWarp += sums[i];
  named_barrier<64>(team + 1);
  sums[t] = ofWarp;
  named_barrier<64>(team + 1);
  long long ofTeam = warp > first ? sums[warp - 1] : 0;
  to[at] = ofWarp + ofTeam;
  __syncthreads();
  if (t == 0) to[at] = -to[at];
}
