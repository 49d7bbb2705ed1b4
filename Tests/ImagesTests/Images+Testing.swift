@testable import Images

extension ParameterValue: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// A number.
  public init(floatLiteral value: Double) { self = .number(value) }
  /// A whole number.
  public init(integerLiteral value: Int) { self = .number(Double(value)) }
  /// A list of numbers.
  public init(arrayLiteral elements: Double...) { self = .numbers(elements) }
}

extension Image {
  /// The image after `operations` in order.
  func applying(_ operations: [any ImageOperation]) -> Image {
    var canvas = Canvas(self)
    for operation in operations { operation.apply(to: &canvas) }
    return canvas.image
  }
}

extension Canvas {
  var image: Image {
    let count = width * height
    let samples = [UInt8](unsafeUninitializedCapacity: 3 * count) { samples, initialized in
      withPixels { pixels in
        for pixel in 0..<count {
          samples[3 * pixel] = UInt8(truncatingIfNeeded: pixels[pixel])
          samples[3 * pixel + 1] = UInt8(truncatingIfNeeded: pixels[pixel] >> 8)
          samples[3 * pixel + 2] = UInt8(truncatingIfNeeded: pixels[pixel] >> 16)
        }
      }
      initialized = 3 * count
    }
    return Image(width: width, height: height, pixels: samples)
  }
}
