import Common

/// Makes the image gray with probability `p`.
///
/// Draws one number u in [0, 1) and makes the image gray if u < p.
package struct RandomGrayscale: Augmentation, Equatable {
  package static let name = "RandomGrayscale"
  package static let parameterNames = ["p"]

  package let p: Double

  package init(parameters: [String: ParameterValue]) throws(SweepError) {
    let parameters = try AugmentationParameters(
      parameters, of: Self.name, names: Self.parameterNames)
    p = try parameters.number("p", in: 0...1, default: 0.1)
  }

  package func draw(
    width: Int, height: Int, resolution: Int, from random: inout CounterRandom
  ) -> [any ImageOperation] {
    random.uniform() < p ? [Grayscale()] : []
  }
}

/// Replaces each pixel by its gray value: torchvision's `to_grayscale` with three channels.
struct Grayscale: ImageOperation, Equatable {
  func apply(to canvas: inout Canvas) {
    canvas.withMutablePixels { pixels in
      for index in pixels.indices {
        let (red, green, blue) = channels(pixels[index])
        pixels[index] = UInt32(truncatingIfNeeded: luma(red, green, blue)) &* 0x01_0101
      }
    }
  }
}
