import Common
import Foundation

@testable import Images

/// What torchvision made of small pictures: `Fixtures/transforms/make.py` writes it.
struct TransformFixtures: Decodable {
  struct Bytes: Decodable {
    let offset: Int
    let count: Int
  }

  struct Picture: Decodable {
    let name: String
    let width: Int
    let height: Int
    let bytes: Bytes
  }

  struct Step: Decodable {
    let name: String
    let values: [Double]
  }

  struct Case: Decodable {
    let picture: String
    let steps: [Step]
    let width: Int
    let height: Int
    let bytes: Bytes
  }

  struct Digest: Decodable {
    let spacing: Int
    let steps: [Step]
    let sha256: String
  }

  struct Photographs: Decodable {
    let steps: [Step]
    let sha256: String
  }

  /// The magnitudes of an operation of `TrivialAugmentWide` or `RandAugment`, by bin.
  struct Magnitudes: Decodable {
    let transform: String
    let operation: String
    let bins: Int
    let isSigned: Bool
    let values: [Double]
  }

  struct Missing: Error {}

  let pictures: [Picture]
  let cases: [Case]
  let digests: [Digest]
  let photographs: [Photographs]
  let normalized: Bytes
  let erased: Bytes
  let magnitudes: [Magnitudes]

  static func load() throws -> (TransformFixtures, Data) {
    guard let folder = Bundle.module.resourceURL?.appending(path: "Fixtures/transforms") else {
      throw Missing()
    }
    let cases = try Data(contentsOf: folder.appending(path: "cases.json"))
    let pixels = try Data(contentsOf: folder.appending(path: "pixels.bin"))
    return (try JSONDecoder().decode(TransformFixtures.self, from: cases), pixels)
  }

  static func operation(_ step: Step) throws -> any ImageOperation {
    let values = step.values
    switch step.name {
    case "flip": return HorizontalFlip()
    case "brightness": return AdjustBrightness(factor: values[0])
    case "contrast": return AdjustContrast(factor: values[0])
    case "saturation": return AdjustSaturation(factor: values[0])
    case "hue": return AdjustHue(factor: values[0])
    case "affine":
      return Affine(
        angle: values[0], translation: SIMD2(Int(values[1]), Int(values[2])), scale: values[3],
        shear: values.count > 4 ? SIMD2(values[4], values[5]) : .zero)
    case "resize": return Resize(height: Int(values[0]), width: Int(values[1]))
    case "rotate": return Rotate(angle: values[0])
    case "grayscale": return Grayscale()
    case "blur":
      return Blur(kernelSize: SIMD2(Int(values[0]), Int(values[1])), sigma: values[2])
    default: throw Missing()
    }
  }

  /// The operations of a step on an image of the given size.
  static func operations(
    _ step: Step, width: Int, height: Int
  ) throws -> [any ImageOperation] {
    let values = step.values
    // No draws.
    var random = CounterRandom(seed: 0, purpose: .augmentation)
    switch step.name {
    case "shorter side":
      return try ResizeShorterSide(parameters: ["size": .number(values[0])])
        .draw(width: width, height: height, resolution: 1, from: &random)
    case "center crop":
      return try CenterCrop(parameters: ["size": .number(values[0])])
        .draw(width: width, height: height, resolution: 1, from: &random)
    case "resized crop":
      let numbers = values.map { Int($0) }
      return [
        Crop(top: numbers[0], left: numbers[1], height: numbers[2], width: numbers[3]),
        Resize(resolution: numbers[4]),
      ]
    default:
      if let operation = AutoAugmentOperation(torchvision: step.name) {
        return operation.operations(values[0])
      }
      return [try operation(step)]
    }
  }
}

extension AutoAugmentOperation {
  /// The operation with torchvision's name.
  init?(torchvision name: String) {
    guard name.first?.isUppercase == true else { return nil }
    self.init(rawValue: name.prefix(1).lowercased() + name.dropFirst())
  }
}

extension Data {
  func bytes(_ range: TransformFixtures.Bytes) -> [UInt8] {
    [UInt8](self[range.offset..<(range.offset + range.count)])
  }
}
