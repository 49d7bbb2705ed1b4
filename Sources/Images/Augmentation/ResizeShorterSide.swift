import Common

/// Resizes the image so that its shorter side has a given length, and keeps its shape: torchvision's
/// `Resize` with one number.
package struct ResizeShorterSide: Augmentation, Equatable {
  package static let name = "Resize"
  package static let parameterNames = ["size", "crop_pct"]
  package static let isRandom = false

  /// The shorter side in pixels; nil if it follows from the network's input size.
  package let size: Int?
  /// The fraction of the shorter side that the network's input has (timm's `crop_pct`), in 0…1.
  package let cropFraction: Double

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let given = parameters.keys
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    size = try parameters.integer("size", in: AugmentationParameters.sizes)
    cropFraction = try parameters.number("crop_pct", in: 0.01...1, default: 1)
    if given.count > 1 {
      throw parameters.error("crop_pct", "excludes size: both determine the shorter side")
    }
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) throws(SweepError) -> [any ImageOperation] {
    let short = size ?? Int(Double(resolution) / cropFraction)
    let long = Int(Double(short * max(width, height)) / Double(min(width, height)))
    guard short * long <= Image.pixelLimit else {
      throw SweepError(
        .badInput,
        "the image has \(width) × \(height) pixels; resizing its shorter side to \(short) makes it "
          + "too large", advice: "crop or remove it")
    }
    return [
      width <= height ? Resize(height: long, width: short) : Resize(height: short, width: long)
    ]
  }
}
