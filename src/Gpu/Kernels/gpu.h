// The words of the kernels, for two compilers:
//   the device pass of clang alone (clang -x cuda --cuda-device-only -nocudainc -nocudalib): no CUDA toolkit, no CUDA headers;
//   a compiler for the CPU (g++ or clang++), which runs the threads of a block as fibers (cpu/fibers.h).
// Every arithmetic word gives the same bits in both: + - * / as IEEE says, one rounding each, nothing contracted
// (-ffp-contract=off), subnormal numbers kept; fused multiply-adds where they are written.
#pragma once
#if defined(__CUDA__) && defined(__CUDA_ARCH__)
#include "gpu_device.h"
#else
#include "gpu_cpu.h"
#endif

static_assert(sizeof(size_t) == 8 && sizeof(int64_t) == 8, "64-bit addresses");

// A kernel:   KERNEL(name, most threads of a block, least blocks of a multiprocessor)(parameters) { ... }
// Parameters are pointers and `long long` only, so that one form of launch serves all kernels.
//
// Shared memory whose size the launch says, 16-byte aligned, of undefined content: dynamic_shared<float>(). Else: __shared__.

// ---- words made of others --------------------------------------------------------------------------------------------
DEVICE float2 make_float2(float x, float y) { return float2{x, y}; }
DEVICE float4 make_float4(float x, float y, float z, float w) { return float4{x, y, z, w}; }
DEVICE uint4 make_uint4(uint32_t x, uint32_t y, uint32_t z, uint32_t w) { return uint4{x, y, z, w}; }
DEVICE double __dadd_rn(double a, double b) { return a + b; }
DEVICE double __dmul_rn(double a, double b) { return a * b; }
DEVICE uint32_t __float_as_uint(float x) { return __builtin_bit_cast(uint32_t, x); }
DEVICE float __uint_as_float(uint32_t x) { return __builtin_bit_cast(float, x); }
DEVICE int __clz(int x) { return __builtin_clz((unsigned)x); }  // not for 0
