/// A counter-based random generator: Philox4x32-10.
///
/// The same (seed, purpose, epoch, sample) always gives the same draws; there is no shared state.
/// Salmon et al., "Parallel random numbers: as easy as 1, 2, 3" (SC11).
package struct CounterRandom: Sendable {
  /// The use of the draws; each purpose has its own stream.
  package enum Purpose: UInt32, Sendable {
    case order = 1
    case augmentation = 2
    case weights = 3
    case split = 4
    case synthesis = 5
    case bootstrap = 6
    case dropout = 7
    case sampling = 8
  }

  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>(repeating: 0)
  private var used = 4

  /// Seeds one stream; `epoch` and `sample` are any two numbers that identify it.
  package init(seed: UInt64, purpose: Purpose, epoch: UInt32 = 0, sample: UInt32 = 0) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    counter = SIMD4(0, purpose.rawValue, epoch, sample)
  }

  package mutating func next() -> UInt32 {
    if used == 4 {
      block = Self.philox(counter, key: key)
      counter[0] &+= 1
      used = 0
    }
    defer { used += 1 }
    return block[used]
  }

  /// A uniform number in [0, 1) with 53 bits.
  package mutating func uniform() -> Double {
    let high = UInt64(next())
    let low = UInt64(next())
    return Double((high << 32 | low) >> 11) * 0x1p-53
  }

  package mutating func uniform(in range: ClosedRange<Double>) -> Double {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// An unbiased uniform integer in 0..<bound.
  package mutating func below(_ bound: UInt32) -> UInt32 {
    // Lemire, "Fast random integer generation in an interval" (2019).
    var product = UInt64(next()) &* UInt64(bound)
    if UInt32(truncatingIfNeeded: product) < bound {
      let threshold = (0 &- bound) % bound
      while UInt32(truncatingIfNeeded: product) < threshold {
        product = UInt64(next()) &* UInt64(bound)
      }
    }
    return UInt32(truncatingIfNeeded: product >> 32)
  }

  /// A permutation of 0..<count (Fisher–Yates).
  package mutating func permutation(of count: Int) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(below(UInt32(last + 1))))
    }
    return order
  }

  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var counter = counter
    var key = key
    for _ in 0..<10 {
      let first = UInt64(counter[0]) &* 0xD251_1F53
      let second = UInt64(counter[2]) &* 0xCD9E_8D57
      counter = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ counter[1] ^ key[0],
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ counter[3] ^ key[1],
        UInt32(truncatingIfNeeded: first))
      key = SIMD2(key[0] &+ 0x9E37_79B9, key[1] &+ 0xBB67_AE85)
    }
    return counter
  }
}
