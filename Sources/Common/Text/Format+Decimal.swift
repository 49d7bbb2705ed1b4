extension Format {
  /// The shortest decimal that reads back as `number`, never with an exponent: `0.35`, `1.0`,
  /// `0.00001`.
  package static func decimal(_ number: Double) -> String {
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
