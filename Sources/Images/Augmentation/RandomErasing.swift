import Common
import ElementaryFunctions

/// Overwrites a random rectangle of the normalized image with probability `p` (Zhong et al., 2017).
///
/// Draws one number u in [0, 1) and continues if u < p. Then draws, up to ten times until the
/// rectangle is smaller than the image: its area as a fraction of the image's and the ratio of height
/// to width, uniform in its logarithm. Then draws its place, and its values if they are random.
/// Without a fitting rectangle the image stays.
package struct RandomErasing: Augmentation, Equatable {
  package static let name = "RandomErasing"
  package static let parameterNames = ["p", "scale", "ratio", "value"]
  package static let followsNormalize = true

  package let p: Double
  package let scale: ClosedRange<Double>
  package let ratio: ClosedRange<Double>
  /// The value of each channel after normalization; nil for draws from a standard normal
  /// distribution, one per sample.
  package let value: SIMD3<Float>?

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let random = parameters["value"] == .text("random")
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    p = try parameters.number("p", in: 0...1, default: 0.5)
    scale = try parameters.ends("scale", within: 0...1) ?? 0.02...0.33
    ratio = try parameters.positiveEnds("ratio") ?? 0.3...3.3
    if random {
      value = nil
    } else if parameters.isList("value"), let list = try parameters.list("value", counts: [3]) {
      value = SIMD3(list.map(Float.init))
    } else {
      let bound = Double(Float.greatestFiniteMagnitude)
      value = SIMD3(
        repeating: Float(
          try parameters.number(
            "value", in: -bound...bound, default: 0,
            is: #"must be a number, a list of 3 numbers or "random""#)))
    }
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] { [] }

  package func drawAfterNormalize(
    resolution: Int, from random: inout CounterRandom
  ) -> [any TensorOperation] {
    guard random.uniform() < p else { return [] }
    let logarithms = Double.log(ratio.lowerBound)...Double.log(ratio.upperBound)
    for _ in 0..<10 {
      let area = Double(resolution * resolution) * random.uniform(in: scale)
      let shape = Double.exp(random.uniform(in: logarithms))
      let height = Int((area * shape).squareRoot().rounded(.toNearestOrEven))
      let width = Int((area / shape).squareRoot().rounded(.toNearestOrEven))
      guard height < resolution, width < resolution else { continue }
      let top = Int(random.below(UInt32(resolution - height + 1)))
      let left = Int(random.below(UInt32(resolution - width + 1)))
      let values =
        if let value { (0..<(3 * height * width)).map { value[$0 % 3] } } else {
          random.normal(count: 3 * height * width)
        }
      return [Erase(top: top, left: left, height: height, width: width, values: values)]
    }
    return []
  }
}

/// Overwrites a rectangle: torchvision's `erase`.
struct Erase: TensorOperation, Equatable {
  let top, left, height, width: Int
  /// The new samples, `[height, width, 3]`.
  let values: [Float]

  func apply(to pixels: UnsafeMutablePointer<Float>, resolution: Int) {
    for row in 0..<height {
      let start = 3 * ((top + row) * resolution + left)
      for (index, value) in values[(3 * row * width)..<(3 * (row + 1) * width)].enumerated() {
        pixels[start + index] = value
      }
    }
  }
}

extension CounterRandom {
  /// Standard normal draws by the Box–Muller method.
  fileprivate mutating func normal(count: Int) -> [Float] {
    (0..<count).map { _ in
      let radius = (-2 * Double.log(1 - uniform())).squareRoot()
      return Float(radius * Double.cos(2 * Double.pi * uniform()))
    }
  }
}
