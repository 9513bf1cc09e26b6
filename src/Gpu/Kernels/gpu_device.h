// gpu.h for the device: each word is a clang builtin that becomes one PTX instruction, or one PTX instruction as inline assembly.
#pragma once

// ---- the language's words (what host_defines.h has) ----------------------------------------------------------------
#define __device__ __attribute__((device))
#define __global__ __attribute__((global))
#define __shared__ __attribute__((shared))
#define __launch_bounds__(...) __attribute__((launch_bounds(__VA_ARGS__)))  // .maxntid, .minnctapersm
#define __forceinline__ inline __attribute__((always_inline))
#define __align__(n) __attribute__((aligned(n)))
#define DEVICE __device__ __forceinline__
#define INLINE __attribute__((always_inline))  // for lambdas: clang must not make a call of one
#define KERNEL(name, threads, blocks) extern "C" __global__ void __launch_bounds__(threads, blocks) name

typedef unsigned char uint8_t;
typedef unsigned short uint16_t;
typedef int int32_t;
typedef unsigned int uint32_t;
typedef long long int64_t;
typedef unsigned long long uint64_t;
typedef __SIZE_TYPE__ size_t;
#define NAN __builtin_nanf("")
#define INFINITY __builtin_inff()

// Real vectors, not structs of four floats: LLVM must see one <4 x float> to emit one ld.v4 (a struct is taken apart
// into four scalars, and only sometimes put together again). On the CPU they are structs: use .x .y .z .w only.
typedef float float2 __attribute__((ext_vector_type(2)));
typedef float float4 __attribute__((ext_vector_type(4)));
typedef unsigned uint4 __attribute__((ext_vector_type(4)));

// ---- where am I -----------------------------------------------------------------------------------------------------
DEVICE int thread_x() { return __nvvm_read_ptx_sreg_tid_x(); }
DEVICE int block_x() { return __nvvm_read_ptx_sreg_ctaid_x(); }
DEVICE int block_threads() { return __nvvm_read_ptx_sreg_ntid_x(); }
DEVICE int grid_blocks() { return __nvvm_read_ptx_sreg_nctaid_x(); }

extern __shared__ __align__(16) uint8_t dynamic_shared_bytes[];
template <typename T> DEVICE T* dynamic_shared() { return (T*)dynamic_shared_bytes; }

// ---- barriers: convergent for clang, and no memory access moves across ----------------------------------------------
// __syncthreads() is a builtin of clang: bar.sync 0.
DEVICE void __syncwarp() { __nvvm_bar_warp_sync(0xFFFFFFFFu); }
template <int T> DEVICE void named_barrier(int id) { asm volatile("bar.sync %0, %1;" ::"r"(id), "n"(T) : "memory"); }  // 1 to 15; T threads

// ---- against LLVM's eagerness: no instruction comes of either -------------------------------------------------------
DEVICE uint32_t opaque(uint32_t x) { asm volatile("" : "+r"(x)); return x; }  // what follows from x cannot be computed before here
DEVICE float computed(float x) { asm volatile("" : "+f"(x)); return x; }      // x is computed here, not in a branch that wants it (c ? x : 0 stays a select)
DEVICE void forget() { asm volatile("" ::: "memory"); }                       // what was read from memory before is read again

// ---- arithmetic whose bits matter. With -ffp-contract=off clang writes add.rn, sub.rn and mul.rn for + - * (ptxas may not
// contract those), div.rn for / , and never .ftz; the rest is here.
DEVICE float __fmaf_rn(float a, float b, float c) { return __nvvm_fma_rn_f(a, b, c); }
DEVICE double __fma_rn(double a, double b, double c) { return __nvvm_fma_rn_d(a, b, c); }
DEVICE float sqrtf(float x) { return __nvvm_sqrt_rn_f(x); }
DEVICE double sqrt(double x) { return __nvvm_sqrt_rn_d(x); }
DEVICE float fabsf(float x) { return __builtin_fabsf(x); }
DEVICE double fabs(double x) { return __builtin_fabs(x); }
// Right to some 2^-22 only, and otherwise on each kind of device: only for algorithms that correct them to the right bits.
DEVICE float approximate_reciprocal(float x) { float r; asm("rcp.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x)); return r; }
DEVICE float approximate_inverse_root(float x) { float r; asm("rsqrt.approx.ftz.f32 %0, %1;" : "=f"(r) : "f"(x)); return r; }

// ---- loads of what no kernel writes ---------------------------------------------------------------------------------
DEVICE uint4 __ldg(const uint4* at) { return __nvvm_ldg_ui4(at); }    // ld.global.nc.v4.u32
DEVICE float4 __ldg(const float4* at) { return __nvvm_ldg_f4(at); }
DEVICE float __ldg(const float* at) { return __nvvm_ldg_f(at); }
