/// The colors of figures on white.
///
/// The colors of series are distinct for color-blind readers and, by lightness, in gray print:
/// Okabe & Ito, "Color universal design" (2008), slightly darkened or lightened. Each also has a
/// distinct shape and dash pattern.
enum Palette {
  static let ground = "#ffffff"
  static let ink = "#1f2328"
  static let quiet = "#59636e"
  static let faint = "#d1d9e0"

  private static let colors = ["#00558b", "#d98200", "#00916e", "#b8518f", "#56a8d8", "#6b6b6b"]
  private static let patterns = ["", "7 3", "2 3", "9 3 2 3", "12 4", "4 4"]

  static var count: Int { colors.count }
  static func series(_ index: Int) -> String { colors[index % colors.count] }
  static func dashes(_ index: Int) -> String { patterns[index % patterns.count] }

  /// Cividis, from dark blue (0) to yellow (1), which is uniform for color-blind readers and in gray.
  ///
  /// Nuñez, Anderton & Renslow, "Optimizing colormaps with consideration for color vision
  /// deficiency" (PLOS ONE 13, 2018).
  static func heat(_ fraction: Double) -> (fill: String, ink: String) {
    let stops: [SIMD3<Double>] = [
      [0, 32, 77], [49, 68, 107], [102, 105, 112], [149, 143, 120], [203, 186, 105],
      [255, 234, 70],
    ]
    let place = (fraction > 0 ? min(1, fraction) : 0) * Double(stops.count - 1)
    let low = min(Int(place), stops.count - 2)
    let color = stops[low] + (stops[low + 1] - stops[low]) * (place - Double(low))
    let digits = (0..<3).map { channel in
      let text = String(Int(color[channel].rounded()), radix: 16)
      return text.count < 2 ? "0" + text : text
    }
    return ("#" + digits.joined(), place < 2.6 ? "#ffffff" : "#111111")
  }
}
