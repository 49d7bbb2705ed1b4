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

  struct Missing: Error {}

  let pictures: [Picture]
  let cases: [Case]
  let digests: [Digest]
  let photographs: [Photographs]
  let normalized: Bytes

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
    default: throw Missing()
    }
  }
}

extension Data {
  func bytes(_ range: TransformFixtures.Bytes) -> [UInt8] {
    [UInt8](self[range.offset..<(range.offset + range.count)])
  }
}
