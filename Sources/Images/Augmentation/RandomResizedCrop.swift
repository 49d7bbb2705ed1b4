import Common
import ElementaryFunctions

/// Cuts out a rectangle of random area and shape and resizes it to the network's input size.
///
/// Draws, up to ten times until the rectangle fits: the area as a fraction of the image's and the
/// ratio of width to height, uniform in its logarithm. Then draws the place of a fitting rectangle.
/// Without one, takes the largest central rectangle whose ratio is within the range.
package struct RandomResizedCrop: Augmentation, Equatable {
  package static let name = "RandomResizedCrop"
  package static let parameterNames = ["scale", "ratio"]

  package let scale: ClosedRange<Double>
  package let ratio: ClosedRange<Double>

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    scale = try parameters.ends("scale", within: 0...1) ?? 0.08...1
    guard scale.upperBound > 0 else { throw parameters.error("scale", "must not be 0") }
    ratio = try parameters.positiveEnds("ratio") ?? 3.0 / 4...4.0 / 3
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    [
      crop(width: width, height: height, from: &random),
      Resize(resolution: resolution),
    ]
  }

  private func crop(width: Int, height: Int, from random: inout CounterRandom) -> Crop {
    let logarithms = Double.log(ratio.lowerBound)...Double.log(ratio.upperBound)
    for _ in 0..<10 {
      let area = Double(width * height) * random.uniform(in: scale)
      let shape = Double.exp(random.uniform(in: logarithms))
      let newWidth = Int((area * shape).squareRoot().rounded(.toNearestOrEven))
      let newHeight = Int((area / shape).squareRoot().rounded(.toNearestOrEven))
      guard (1...width).contains(newWidth), (1...height).contains(newHeight) else { continue }
      let top = Int(random.below(UInt32(height - newHeight + 1)))
      let left = Int(random.below(UInt32(width - newWidth + 1)))
      return Crop(top: top, left: left, height: newHeight, width: newWidth)
    }
    return central(width: width, height: height)
  }

  func central(width: Int, height: Int) -> Crop {
    func whole(_ value: Double) -> Int { max(1, Int(value.rounded(.toNearestOrEven))) }
    let shape = Double(width) / Double(height)
    let newWidth = shape > ratio.upperBound ? whole(Double(height) * ratio.upperBound) : width
    let newHeight = shape < ratio.lowerBound ? whole(Double(width) / ratio.lowerBound) : height
    return Crop(
      top: (height - newHeight) / 2, left: (width - newWidth) / 2, height: newHeight,
      width: newWidth)
  }
}
