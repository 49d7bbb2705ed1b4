import Common
import Testing

@testable import Kernels

@Suite struct PeakMeasurementTests {
  @Test("The peak's loop does the multiply-adds that it is credited with", arguments: [0, 1, 37])
  func work(steps: Int) {
    let sum = (0..<PeakMeasurement.chains).map { start in
      (0..<steps).reduce(Float(start)) { value, _ in Float(0.25).addingProduct(value, 0.5) }
    }
    // Multiples of powers of two: the order of the summation changes nothing while few bits are in
    // use.
    let expected = Double(sum.reduce(0, +))
    let result = PeakMeasurement.multiplyAdds(steps: steps, 0.5, 0.25)
    for lane in 0..<lanes { #expect(abs(Double(result[lane]) - expected) < 1e-5) }
  }

  /// Both speeds are the best of many short rounds, which a busy machine does not slow down.
  ///
  /// A loop
  /// that the compiler removes or shortens would make the peak far too high; one that waits for its
  /// own results, too low.
  @Test("A matrix product comes near the measured peak and does not exceed it")
  func isPeak() {
    let peak = PeakMeasurement.flops(on: ThreadPool(threads: 1))
    let depth = 256
    let rows = tileRows * tilesAtOnce
    let a = [Float](repeating: 1, count: rows * depth)
    let b = [Float](repeating: 1, count: panelWidth * depth)
    let clock = ContinuousClock()
    var total: Float = 0
    let seconds = (0..<200).map { _ in
      clock.measure {
        for _ in 0..<1000 {
          a.withUnsafeBufferPointer { a in
            b.withUnsafeBufferPointer { b in
              guard let a = a.baseAddress, let b = b.baseAddress else { return }
              var prefetcher = Prefetcher()
              forEachTile(
                rows: rows, Rows(start: a, rowStride: depth, step: 1),
                Panel(start: b, stride: panelWidth, wide: true), count: depth, &prefetcher
              ) { total += $1.r0a[0] / Float(tilesAtOnce) }
            }
          }
        }
      } / .seconds(1)
    }
    let speed = Double(2 * rows * panelWidth * depth * 1000) / (seconds.min() ?? 1)
    // Exact: a multiple of 256 below 2^32.
    #expect(total == Float(200 * 1000 * depth))
    let share = speed / peak
    #expect(share > 0.5 && share < 1.15, "\(share)")
  }
}
