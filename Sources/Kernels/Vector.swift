import CProcessor

// The vector width of all kernels: 8 floats for AVX2 and, as two registers, NEON; 16 for AVX-512.
// The target Kernels16 compiles these sources again for the latter. The width affects the speed but
// no bit of a result: lanes hold channels, which are never added within a register.
#if SWEEP_VECTOR_WIDTH_16
  /// The vector of all kernels; channels are padded to a multiple of it.
  package typealias Vector = SIMD16<Float>
  typealias Integers = SIMD16<Int32>
#else
  /// The vector of all kernels; channels are padded to a multiple of it.
  package typealias Vector = SIMD8<Float>
  typealias Integers = SIMD8<Int32>
#endif

package let lanes = Vector.scalarCount

/// `channels` rounded up to a multiple of `lanes`, as in memory.
package func padded(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }

/// `count` rounded up to a multiple of 8, independent of the vector width.
///
/// Block and chunk sizes determine the order of sums, so they use this and never `padded`.
func roundedToEight(_ count: Int) -> Int { (count + 7) / 8 * 8 }

@inline(__always) func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func load(_ pointer: UnsafeMutablePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
}

@inline(__always) func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).storeBytes(of: vector, as: Vector.self)
}

/// Stores past the caches, for data that would not stay cached.
///
/// This avoids reading a line before writing it, and pays off only if lines are written completely.
/// Other threads see the data once this one has done an atomic read-modify-write, as a
/// `ThreadPool`'s threads do after each kernel.
@inline(__always) func stream(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  #if SWEEP_VECTOR_WIDTH_16
    stream_float16(vector, pointer)
  #else
    stream_float8(vector, pointer)
  #endif
}

@inline(__always) func store(
  _ vector: Vector, _ pointer: UnsafeMutablePointer<Float>, streaming: Bool
) {
  if streaming { stream(vector, pointer) } else { store(vector, pointer) }
}

@inline(__always) func add(_ vector: Vector, to pointer: UnsafeMutablePointer<Float>) {
  store(load(pointer) + vector, pointer)
}

/// a · b + c with one rounding.
@inline(__always) func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  c.addingProduct(a, b)
}

/// The elementwise maximum; the second value if either is NaN.
@inline(__always) func maximum(_ a: Vector, _ b: Vector) -> Vector {
  b.replacing(with: a, where: a .> b)
}

/// The elementwise minimum; the second value if either is NaN.
@inline(__always) func minimum(_ a: Vector, _ b: Vector) -> Vector {
  b.replacing(with: a, where: a .< b)
}
