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
