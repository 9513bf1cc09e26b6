// gpu.h for the CPU: a kernel is an exported function that each fiber of a block runs; cpu/cpu_driver.cpp finds it by its name.
#pragma once
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include "cpu/fibers.h"

#define DEVICE inline __attribute__((always_inline))
#define INLINE __attribute__((always_inline))
#define KERNEL(name, threads, blocks) extern "C" __attribute__((visibility("default"))) void name
#define __align__(n) __attribute__((aligned(n)))
// All fibers of a block run on one thread, which runs one block at a time.
#define __shared__ static __thread

struct __align__(8) float2 { float x, y; };
struct __align__(16) float4 { float x, y, z, w; };
struct __align__(16) uint4 { uint32_t x, y, z, w; };

DEVICE int thread_x() { return cpu_device::here.thread; }
DEVICE int block_x() { return cpu_device::here.block; }
DEVICE int block_threads() { return cpu_device::here.threads; }
DEVICE int grid_blocks() { return cpu_device::here.blocks; }
template <typename T> DEVICE T* dynamic_shared() { return (T*)cpu_device::here.shared; }

DEVICE void __syncthreads() { cpu_device::block_barrier(); }
DEVICE void __syncwarp() { cpu_device::warp_barrier(); }
template <int T> DEVICE void named_barrier(int id) { cpu_device::named_barrier(id, T); }

DEVICE uint32_t opaque(uint32_t x) { return x; }
DEVICE float computed(float x) { return x; }
DEVICE void forget() {}

DEVICE float __fmaf_rn(float a, float b, float c) { return __builtin_fmaf(a, b, c); }
DEVICE double __fma_rn(double a, double b, double c) { return __builtin_fma(a, b, c); }
DEVICE float flushed(float x) { return fabsf(x) < 1.17549435e-38f ? copysignf(0.f, x) : x; }
DEVICE float approximate_reciprocal(float x) { return flushed(1.f / flushed(x)); }
DEVICE float approximate_inverse_root(float x) { return flushed(1.f / sqrtf(flushed(x))); }

template <typename T> DEVICE T __ldg(const T* at) { return *at; }
