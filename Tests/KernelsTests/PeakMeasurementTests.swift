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

  @Test("A matrix product stays below the measured peak")
  func isPeak() {
    let pool = ThreadPool(threads: 1)
    let peak = PeakMeasurement.flops(on: pool)
    let depth = 256
    let a = [Float](repeating: 1, count: tileRows * depth)
    let b = [Float](repeating: 1, count: panelWidth * depth)
    let clock = ContinuousClock()
    var total: Float = 0
    let seconds = (0..<20).map { _ in
      clock.measure {
        for _ in 0..<1000 {
          total +=
            product(a, rowStride: depth, step: 1, b, bStride: panelWidth, count: depth).r0a[0]
        }
      } / .seconds(1)
    }
    let speed = Double(2 * tileRows * panelWidth * depth * 1000) / (seconds.min() ?? 1)
    #expect(total == Float(20 * 1000 * depth))
    #expect(speed < 1.15 * peak)
  }
}
