import Common

/// Measures the machine's peak arithmetic and memory bandwidth, the limits for kernels.
///
/// Both are the best of many rounds, short enough that some are undisturbed by other work.
package enum PeakMeasurement {
  /// Concurrent fused multiply-adds: enough for two pipelines of up to six cycles, and within 16
  /// registers together with the two constants.
  static let chains = 12

  /// Float32 operations per second of all the pool's threads; a multiply-add is two.
  ///
  /// Runs only multiply-adds on registers, so no kernel can be faster. Takes about 0.3 seconds.
  package static func flops(on pool: ThreadPool) -> Double {
    let steps = 500_000
    let operations = Double(2 * chains * lanes * steps * pool.threads)
    let results = UnsafeMutablePointer<Float>.allocate(capacity: pool.threads * lanes)
    defer { results.deallocate() }
    return operations
      / shortest(of: 200) {
        pool.run(pool.threads) { task, _ in
          store(multiplyAdds(steps: steps, 0.999, 0.001), results + task * lanes)
        }
      }
  }

  /// Bytes per second between the processor and memory with all the pool's threads.
  ///
  /// STREAM's triad, a = b + s · c (McCalpin, 1995), counted as 12 bytes per element over arrays
  /// larger than any cache: two reads and a write past the caches, as in the kernels. Takes 384 MiB
  /// and about 0.3 seconds.
  package static func bandwidth(on pool: ThreadPool) -> Double {
    let count = 32 << 20
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: 3 * count * MemoryLayout<Float>.stride, alignment: 64)
    defer { memory.deallocate() }
    let arrays = memory.bindMemory(to: Float.self, capacity: 3 * count)
    let (a, b, c) = (arrays, arrays + count, arrays + 2 * count)
    let split = WorkSplit(rows: count, block: 1 << 16, most: 64)
    pool.run(split.chunks) { chunk, _ in
      for array in [a, b, c] {
        let range = split.range(of: chunk)
        (array + range.lowerBound).initialize(repeating: 1, count: range.count)
      }
    }
    let factor = Vector(repeating: 0.5)
    let seconds = shortest(of: 8) {
      pool.run(split.chunks) { chunk, _ in
        let range = split.range(of: chunk)
        for i in Swift.stride(from: range.lowerBound, to: range.upperBound, by: lanes) {
          stream(fma(factor, load(c + i), load(b + i)), a + i)
        }
      }
    }
    return Double(3 * count * MemoryLayout<Float>.stride) / seconds
  }

  /// The sum of `chains` values that start at 0, 1, 2, … after `steps` updates x ← x · factor +
  /// summand.
  static func multiplyAdds(steps: Int, _ factor: Float, _ summand: Float) -> Vector {
    let factor = Vector(repeating: factor)
    let summand = Vector(repeating: summand)
    var x0 = Vector(repeating: 0)
    var x1 = Vector(repeating: 1)
    var x2 = Vector(repeating: 2)
    var x3 = Vector(repeating: 3)
    var x4 = Vector(repeating: 4)
    var x5 = Vector(repeating: 5)
    var x6 = Vector(repeating: 6)
    var x7 = Vector(repeating: 7)
    var x8 = Vector(repeating: 8)
    var x9 = Vector(repeating: 9)
    var x10 = Vector(repeating: 10)
    var x11 = Vector(repeating: 11)
    for _ in 0..<steps {
      x0 = fma(x0, factor, summand)
      x1 = fma(x1, factor, summand)
      x2 = fma(x2, factor, summand)
      x3 = fma(x3, factor, summand)
      x4 = fma(x4, factor, summand)
      x5 = fma(x5, factor, summand)
      x6 = fma(x6, factor, summand)
      x7 = fma(x7, factor, summand)
      x8 = fma(x8, factor, summand)
      x9 = fma(x9, factor, summand)
      x10 = fma(x10, factor, summand)
      x11 = fma(x11, factor, summand)
    }
    let low = ((x0 + x1) + (x2 + x3)) + (x4 + x5)
    let high = ((x6 + x7) + (x8 + x9)) + (x10 + x11)
    return low + high
  }

  /// The shortest of `rounds` runs of `body`, in seconds.
  private static func shortest(of rounds: Int, _ body: () -> Void) -> Double {
    let clock = ContinuousClock()
    return (0..<rounds).map { _ in clock.measure(body) / .seconds(1) }.min() ?? .infinity
  }
}
