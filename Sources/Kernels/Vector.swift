import CProcessor

// The width of all kernels is set here: 8 floats suit AVX2 and, as two registers, NEON;
// `SWEEP_VECTOR_WIDTH=16 swift build` suits AVX-512. The width changes the speed and no bit of a
// result: lanes hold channels, which are never added to each other in a register.
#if SWEEP_VECTOR_WIDTH_16
  /// The vector of all kernels; channels are padded to a multiple of it.
  package typealias Vector = SIMD16<Float>
  /// As many 32-bit integers as a `Vector` has floats.
  typealias Integers = SIMD16<Int32>
#else
  /// The vector of all kernels; channels are padded to a multiple of it.
  package typealias Vector = SIMD8<Float>
  /// As many 32-bit integers as a `Vector` has floats.
  typealias Integers = SIMD8<Int32>
#endif

package let lanes = Vector.scalarCount

/// The number of channels that `channels` takes up in memory: the next multiple of `lanes`.
package func padded(_ channels: Int) -> Int { (channels + lanes - 1) / lanes * lanes }

/// `count` rounded up to a multiple of 8, whatever the width of a vector.
///
/// Sizes of blocks and chunks decide the order of sums, so they follow from this and never from
/// `padded`.
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

/// Stores past the caches what would not stay there anyway.
///
/// A line need not be read before it is written then. Pays only where lines are written whole.
/// Other threads see it once this one has passed an atomic read-modify-write, as a `ThreadPool`'s
/// threads do after each kernel.
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

/// a · b + c in one rounding.
@inline(__always) func fma(_ a: Vector, _ b: Vector, _ c: Vector) -> Vector {
  c.addingProduct(a, b)
}

/// The larger of two, element by element; the second where either is not a number.
@inline(__always) func maximum(_ a: Vector, _ b: Vector) -> Vector {
  b.replacing(with: a, where: a .> b)
}

/// The smaller of two, element by element; the second where either is not a number.
@inline(__always) func minimum(_ a: Vector, _ b: Vector) -> Vector {
  b.replacing(with: a, where: a .< b)
}
