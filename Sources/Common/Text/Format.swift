/// Formats numbers for people.
package enum Format {
  /// An integer with thousands separators: `1,279,138`.
  package static func grouped(_ number: Int) -> String {
    var text = ""
    let digits = String(number.magnitude)
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "," }
      text.append(digit)
    }
    return (number < 0 ? "-" : "") + text
  }

  /// A count with its noun, plural unless it is one: `1 cell`, `12 cells`.
  package static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(number == 1 ? noun : noun + "s")"
  }

  /// Bytes in binary units with three or more digits: `812 B`, `4.88 MiB`, `1.93 GiB`.
  package static func bytes(_ bytes: Int) -> String {
    var amount = Double(bytes)
    var units = ["KiB", "MiB", "GiB", "TiB", "PiB", "EiB"][...]
    var unit = "B"
    while amount >= 1023.5, let larger = units.popFirst() {
      amount /= 1024
      unit = larger
    }
    if unit == "B" { return "\(bytes) B" }
    return "\(fixed(amount, decimals: amount < 9.995 ? 2 : amount < 99.95 ? 1 : 0)) \(unit)"
  }

  /// A number with fixed decimals, rounded half away from zero: `0.50`; a number too large for that
  /// as it is: `1e+20`.
  package static func fixed(_ number: Double, decimals: Int) -> String {
    let scale = (0..<decimals).reduce(1) { scale, _ in scale * 10 }
    // The sign of NaN is meaningless.
    guard number.magnitude * Double(scale) < 0x1p53 else {
      return number.isNaN ? "nan" : "\(number)"
    }
    let scaled = Int((number.magnitude * Double(scale)).rounded())
    let sign = number < 0 && scaled > 0 ? "-" : ""
    guard decimals > 0 else { return sign + String(scaled) }
    let fraction = String(scaled % scale)
    return sign + String(scaled / scale) + "."
      + String(repeating: "0", count: decimals - fraction.count) + fraction
  }

  /// A number with three significant digits, without an exponent from 1e-4 to 2⁵³: `0.0123`,
  /// `12.3`, `1230`.
  package static func significant(_ number: Double) -> String {
    guard number.isFinite, number != 0 else { return number == 0 ? "0" : "\(number)" }
    var decimals = 0
    var limit = number.magnitude
    while limit < 99.95 && decimals < 6 {
      limit *= 10
      decimals += 1
    }
    return fixed(number, decimals: decimals)
  }

  /// A count in thousands, millions, …, with at most three digits: `950`, `2.24 M`, `1.5 M`, `300
  /// M`.
  package static func compact(_ number: Double) -> String {
    var amount = number
    var units = ["k", "M", "G", "T", "P"][...]
    var unit = ""
    while amount.magnitude >= 999.5, let larger = units.popFirst() {
      amount /= 1000
      unit = " " + larger
    }
    var text = significant(amount)
    while text.contains(".") && (text.hasSuffix("0") || text.hasSuffix(".")) { text.removeLast() }
    return text + unit
  }

  /// A duration from seconds: `42 s`, `3 min 20 s`, `5 h 12 min`, `2 d 4 h`; `–` if unknown.
  package static func duration(_ seconds: Double) -> String {
    guard seconds.isFinite, seconds >= 0, seconds < 1e9 else { return "–" }
    let whole = Int(seconds.rounded())
    switch whole {
    case 0 where seconds > 0: return "1 s"
    case ..<60: return "\(whole) s"
    case ..<3600: return "\(whole / 60) min \(whole % 60) s"
    case ..<86400: return "\(whole / 3600) h \(whole / 60 % 60) min"
    default: return "\(whole / 86400) d \(whole / 3600 % 24) h"
    }
  }

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

  /// A fraction as a percentage: `71.2 %`.
  package static func percent(_ fraction: Double) -> String {
    fixed(100 * fraction, decimals: 1) + " %"
  }

  /// A fraction as an axis label: `70 %`, `72.5 %`.
  package static func percentTick(_ fraction: Double) -> String {
    let percent = 100 * fraction
    let isWhole = abs(percent - percent.rounded()) < 1e-6
    return fixed(percent, decimals: isWhole ? 0 : 1) + " %"
  }
}
