import Foundation

/// The clock time of an estimated end.
enum EndTime {
  /// `09:32` today, `Sun 09:32` within a week, otherwise `Dec 5 09:32`.
  static func text(_ end: Date, now: Date, in timeZone: TimeZone) -> String {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = timeZone
    let parts = calendar.dateComponents([.weekday, .month, .day, .hour, .minute], from: end)
    let clock = [parts.hour, parts.minute].map { "\($0 ?? 0 < 10 ? "0" : "")\($0 ?? 0)" }
      .joined(separator: ":")
    if calendar.isDate(end, inSameDayAs: now) { return clock }
    let days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    let months = [
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    let isNear = end.timeIntervalSince(now) < 6 * 86_400
    return isNear
      ? "\(days[(parts.weekday ?? 1) - 1]) \(clock)"
      : "\(months[(parts.month ?? 1) - 1]) \(parts.day ?? 1) \(clock)"
  }
}
