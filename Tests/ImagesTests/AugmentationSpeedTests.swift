import Foundation
import Images
import Testing

@Suite struct AugmentationSpeedTests {
  @Test(.enabled(if: ProcessInfo.processInfo.environment["SWEEP_TIMINGS"] != nil))
  func stages() {
    var pixels: [UInt8] = []
    for y in 0..<225 {
      for x in 0..<300 {
        pixels.append(UInt8(128 + 100 * sin(Double(x) / 20 + Double(y) / 31)))
        pixels.append(UInt8(128 + 100 * sin(Double(x) / 37 + Double(y) / 11)))
        pixels.append(UInt8(128 + 100 * cos(Double(x) / 17 - Double(y) / 21)))
      }
    }
    let image = Image(width: 300, height: 225, pixels: pixels)
    func time(_ name: String, _ body: () -> Void) {
      var times: [Double] = []
      for _ in 0..<300 {
        let start = ContinuousClock.now
        body()
        times.append(Double((ContinuousClock.now - start).components.attoseconds) / 1e15)
      }
      times.sort()
      print(name, times[0], times[150])
    }
    var canvas = Canvas(image)
    time("load") { canvas.load(image) }
    time("flip") { HorizontalFlip().apply(to: &canvas) }
    time("brightness") { AdjustBrightness(factor: 1.0001).apply(to: &canvas) }
    time("contrast") { AdjustContrast(factor: 1.0001).apply(to: &canvas) }
    time("saturation") { AdjustSaturation(factor: 1.0001).apply(to: &canvas) }
    canvas.load(image)
    time("hue") { AdjustHue(factor: 0.1).apply(to: &canvas) }
    time("affine") { Affine(angle: 40, translation: SIMD2(10, -9), scale: 0.6).apply(to: &canvas) }
    canvas.load(image)
    time("load+resize") {
      canvas.load(image)
      Resize(resolution: 224).apply(to: &canvas)
    }
    let normalize = Normalize(
      mean: SIMD3(0.5177, 0.5003, 0.4126), standardDeviation: SIMD3(0.2133, 0.2130, 0.2149))
    var result = [Float](repeating: 0, count: 224 * 224 * 3)
    time("normalize") {
      result.withUnsafeMutableBufferPointer { buffer in
        if let base = buffer.baseAddress { normalize.write(canvas, to: base) }
      }
    }
  }
}
