import Common
import Foundation
import Testing

@testable import Images

@Suite struct TransformTests {
  @Test(
    "Every operation equals torchvision on PIL to the bit",
    arguments: [
      "flip", "brightness", "contrast", "saturation", "hue", "affine", "resize", "shorter side",
      "center crop", "resized crop", "rotate", "grayscale", "blur",
    ])
  func operationEqualsTorchvision(name: String) throws {
    try check { $0.count == 1 && $0[0].name == name }
  }

  @Test(
    "Every operation of RandAugment and TrivialAugmentWide equals torchvision on PIL to the bit",
    arguments: AutoAugmentOperation.allCases)
  func autoAugmentOperationEqualsTorchvision(operation: AutoAugmentOperation) throws {
    try check { $0.count == 1 && AutoAugmentOperation(torchvision: $0[0].name) == operation }
  }

  @Test("RandAugment and TrivialAugmentWide have torchvision's magnitudes")
  func magnitudes() throws {
    let (fixtures, _) = try TransformFixtures.load()
    for wanted in fixtures.magnitudes {
      let operation = try #require(AutoAugmentOperation(torchvision: wanted.operation))
      let space =
        wanted.transform == RandAugment.name ? RandAugment.space : TrivialAugmentWide.space
      let ours = (0..<wanted.bins).compactMap {
        operation.magnitude($0, of: wanted.bins, in: space, width: 300, height: 225)
      }
      #expect(ours == wanted.values, "\(wanted.transform) \(wanted.operation) \(wanted.bins)")
      #expect(operation.isSigned == wanted.isSigned, "\(operation)")
    }
    #expect(fixtures.magnitudes.count == 2 * 3 * AutoAugmentOperation.allCases.count)
  }

  @Test("Erasing equals torchvision's, on the normalized image")
  func erasing() throws {
    let (fixtures, data) = try TransformFixtures.load()
    var pixels = (0..<108).map { Float($0) / 10 }
    let values: [Float] = (0..<36).map { [0.5, -1, 2.25][$0 % 3] }
    Erase(top: 1, left: 2, height: 3, width: 4, values: values).apply(to: &pixels, resolution: 6)
    let expected = data.bytes(fixtures.erased)
    #expect(pixels.withUnsafeBytes { Array($0) } == expected)
  }

  @Test("A whole chain equals torchvision on PIL to the bit")
  func chainEqualsTorchvision() throws {
    try check { $0.count > 1 }
  }

  private func check(_ isWanted: ([TransformFixtures.Step]) -> Bool) throws {
    let (fixtures, data) = try TransformFixtures.load()
    var checked = 0
    for wanted in fixtures.cases where isWanted(wanted.steps) {
      let picture = try #require(fixtures.pictures.first { $0.name == wanted.picture })
      let image = Image(
        width: picture.width, height: picture.height, pixels: data.bytes(picture.bytes))
      var canvas = Canvas(image)
      for step in wanted.steps {
        let operations = try TransformFixtures.operations(
          step, width: canvas.width, height: canvas.height)
        for operation in operations { operation.apply(to: &canvas) }
      }
      let result = canvas.image
      let expected = Image(
        width: wanted.width, height: wanted.height, pixels: data.bytes(wanted.bytes))
      let isEqual = result == expected
      #expect(isEqual, "\(wanted.picture): \(wanted.steps) \(difference(result, expected))")
      checked += 1
    }
    #expect(checked > 0)
  }

  private func difference(_ a: Image, _ b: Image) -> String {
    let pairs = zip(a.pixels, b.pixels).map { abs(Int($0) - Int($1)) }
    return "\(pairs.count { $0 > 0 }) of \(pairs.count) samples, by up to \(pairs.max() ?? 0)"
  }

  @Test("Color arithmetic equals Pillow's on every color")
  func everyColor() throws {
    let (fixtures, _) = try TransformFixtures.load()
    for digest in fixtures.digests {
      let levels = stride(from: 0, to: 256, by: digest.spacing).map { UInt8($0) }
      var pixels: [UInt8] = []
      pixels.reserveCapacity(levels.count * levels.count * levels.count * 3)
      for red in levels {
        for green in levels {
          for blue in levels {
            pixels.append(red)
            pixels.append(green)
            pixels.append(blue)
          }
        }
      }
      let image = Image(
        width: levels.count * levels.count, height: levels.count, pixels: pixels)
      let result = image.applying(try digest.steps.map(TransformFixtures.operation))
      #expect(SHA256.hash(result.pixels) == digest.sha256, "\(digest.steps)")
    }
    #expect(!fixtures.digests.isEmpty)
  }

  @Test(
    "Photographs come out of decoding and a whole chain equal to the bit",
    .enabled(if: RealData.path("animals-10-mini") != nil, "the photographs are not there"))
  func photographs() throws {
    let (fixtures, _) = try TransformFixtures.load()
    let split = try #require(RealData.path("animals-10-mini")) + "/val"
    let files = try FileManager.default.subpathsOfDirectory(atPath: split)
      .filter { $0.contains("/") }.sorted()
    for (number, wanted) in fixtures.photographs.enumerated() {
      let operations = try wanted.steps.map(TransformFixtures.operation)
      let pixels = try stride(from: number, to: files.count, by: fixtures.photographs.count)
        .flatMap { index in
          try Image(contentsOf: "\(split)/\(files[index])").applying(operations).pixels
        }
      #expect(SHA256.hash(pixels) == wanted.sha256, "\(wanted.steps)")
    }
    #expect(fixtures.photographs.count == 3)
  }

  @Test("Normalizing takes torchvision's Float32 steps")
  func normalizing() throws {
    let (fixtures, data) = try TransformFixtures.load()
    let normalize = Normalize(
      mean: SIMD3(0.5177, 0.5003, 0.4126), standardDeviation: SIMD3(0.2133, 0.2130, 0.2149))
    let ramp = (0..<256).flatMap { [UInt8](repeating: UInt8($0), count: 3) }
    var result = [Float](repeating: 0, count: 768)
    result.withUnsafeMutableBufferPointer { buffer in
      guard let base = buffer.baseAddress else { return }
      normalize.write(Canvas(Image(width: 256, height: 1, pixels: ramp)), to: base)
    }
    let expected = data.bytes(fixtures.normalized)
    let bits = result.flatMap { value in
      (0..<4).map { UInt8(truncatingIfNeeded: value.bitPattern >> UInt32(8 * $0)) }
    }
    #expect(bits == expected)
  }

  @Test("A canvas that held a larger picture shows nothing of it")
  func canvasIsReused() {
    let large = Image(width: 40, height: 30, pixels: [UInt8](repeating: 200, count: 3600))
    let small = Image(width: 3, height: 2, pixels: (0..<18).map { UInt8($0 * 13) })
    var canvas = Canvas(large)
    Resize(height: 50, width: 50).apply(to: &canvas)
    canvas.load(small)
    #expect(canvas.image == small)
    let affine = Affine(angle: 40, translation: SIMD2(1, 0), scale: 0.5)
    affine.apply(to: &canvas)
    #expect(canvas.image == small.applying([affine]))
  }
}
