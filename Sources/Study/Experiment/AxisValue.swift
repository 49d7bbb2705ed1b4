/// One value of a grid's axis.
public enum AxisValue: Sendable, Hashable, CustomStringConvertible {
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
  public var description: String {
    switch self {
    case .text(let text): text
    case .integer(let integer): String(integer)
    case .number(let number): Self.decimal(number)
    case .boolean(let flag): String(flag)
    }
  }

  /// The shortest decimal that reads back as `number`, never with an exponent: `0.35`, `1.0`,
  /// `0.00001`.
  public static func decimal(_ number: Double) -> String {
    let text = number.description
    guard let mark = text.firstIndex(of: "e"), let exponent = Int(text[text.index(after: mark)...])
    else { return text }
    let negative = text.hasPrefix("-")
    let mantissa = text[..<mark].drop { $0 == "-" }.split(separator: ".")
    var digits = mantissa.joined()
    if mantissa.count > 1 && mantissa[1] == "0" { digits.removeLast() }
    let point = (mantissa.first?.count ?? 0) + exponent
    let sign = negative ? "-" : ""
    if point <= 0 { return sign + "0." + String(repeating: "0", count: -point) + digits }
    let whole = digits.prefix(point) + String(repeating: "0", count: max(0, point - digits.count))
    let fraction = digits.dropFirst(point)
    return sign + whole + "." + (fraction.isEmpty ? "0" : fraction)
  }
}
