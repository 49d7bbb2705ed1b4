#include "CProcessor.h"
#include <stddef.h>

// This file is compiled with the same -march as the program, so the compiler's macros tell which instructions it may
// use. The checks cover x86-64 levels 2 to 4; the arm64 base level is enough for the kernels.
const char *processor_missing_feature(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
#define REQUIRE(name) \
  if (!__builtin_cpu_supports(name)) return name
#ifdef __SSE4_2__
  REQUIRE("sse4.2");
#endif
#ifdef __AVX__
  REQUIRE("avx");
#endif
#ifdef __AVX2__
  REQUIRE("avx2");
#endif
#ifdef __FMA__
  REQUIRE("fma");
#endif
#ifdef __BMI2__
  REQUIRE("bmi2");
#endif
#ifdef __AVX512F__
  REQUIRE("avx512f");
#endif
#ifdef __AVX512BW__
  REQUIRE("avx512bw");
#endif
#ifdef __AVX512VL__
  REQUIRE("avx512vl");
#endif
#endif
  return NULL;
}

int processor_has_avx512(void) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd") &&
         __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
#else
  return 0;
#endif
}
