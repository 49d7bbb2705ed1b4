#ifndef CPROCESSOR_H
#define CPROCESSOR_H

/// The first instruction set that the program was compiled for and this processor lacks, or NULL if it has them all.
const char *processor_missing_feature(void);

/// Whether the kernels of x86-64-v4 run on this processor and operating system.
int processor_has_avx512(void);

/// Eight and sixteen floats, which Swift sees as SIMD8<Float> and SIMD16<Float>.
typedef float Float8 __attribute__((ext_vector_type(8)));
typedef float Float16 __attribute__((ext_vector_type(16)));

/// Stores past the caches, to an address that is a multiple of the vector's size.
static inline void stream_float8(Float8 vector, float *destination) {
  __builtin_nontemporal_store(vector, (Float8 *)destination);
}
static inline void stream_float16(Float16 vector, float *destination) {
  __builtin_nontemporal_store(vector, (Float16 *)destination);
}

/// Asks for the cache line at `address`, which may be any address, in the L2 cache.
static inline void prefetch_line(const float *address) { __builtin_prefetch(address, 0, 2); }

#endif
