import Common

/// One value of a grid's axis.
package enum AxisValue: Sendable, Hashable, CustomStringConvertible {
  /// A name: a model, a rounding rule.
  case text(String)
  /// A whole number: a resolution, a seed.
  case integer(Int)
  /// A number: a width multiplier, a learning rate.
  case number(Double)
  /// True or false.
  case boolean(Bool)

  /// The value as cell ids have it: numbers as the shortest decimal with one digit at least after
  /// the point, `1.0`.
  package var description: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): Self.decimal(number)
    case .boolean(let flag): String(flag)
    }
  }

  /// As `Format.decimal`.
  package static func decimal(_ number: Double) -> String { Format.decimal(number) }
}
