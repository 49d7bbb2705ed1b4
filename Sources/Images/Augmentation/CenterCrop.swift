import Common

/// Cuts out the central square; a smaller image gets black borders.
package struct CenterCrop: Augmentation, Equatable {
  package static let name = "CenterCrop"
  package static let parameterNames = ["size"]
  package static let isRandom = false

  /// The side in pixels; nil for that of the network's input.
  package let size: Int?

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    size = try parameters.integer("size", in: AugmentationParameters.sizes)
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    let side = size ?? resolution
    return [
      Crop(
        top: Self.start(of: side, in: height), left: Self.start(of: side, in: width),
        height: side, width: side)
    ]
  }

  /// The first row or column of the crop.
  ///
  /// torchvision rounds down half of what it adds, and rounds half of what it removes to the nearest
  /// even number.
  private static func start(of side: Int, in length: Int) -> Int {
    side > length
      ? -((side - length) / 2)
      : Int((Double(length - side) / 2).rounded(.toNearestOrEven))
  }
}
