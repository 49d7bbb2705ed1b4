import Common

extension Format {
  /// A fraction as a percentage: `71.2 %`.
  static func percent(_ fraction: Double) -> String {
    fixed(100 * fraction, decimals: 1) + " %"
  }

  /// A fraction beside an axis: `70 %`, `72.5 %`.
  static func percentTick(_ fraction: Double) -> String {
    let percent = 100 * fraction
    let isWhole = abs(percent - percent.rounded()) < 1e-6
    return fixed(percent, decimals: isWhole ? 0 : 1) + " %"
  }
}
