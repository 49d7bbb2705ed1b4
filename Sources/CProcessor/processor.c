#include "CProcessor.h"
#include <stddef.h>

// Compiled with the kernels' own -march, so the compiler's macros tell what the kernels may use. What is checked is
// what x86-64 levels 2 to 4 consist of; arm64's base level has all that the kernels need.
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
