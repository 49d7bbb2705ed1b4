/// Seconds as a function of a network's costs, fitted to measured times.
struct CostFit {
  private let perMAC: Double
  private let perElement: Double

  /// Minimizes the squares of the relative errors; neither factor is negative.
  init(_ samples: [(item: Plan.Item, seconds: Double)]) {
    var (aa, ab, bb, a, b) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for (item, seconds) in samples where seconds > 0 {
      let (x, y) = (Double(item.cost.macs) / seconds, Double(item.elements) / seconds)
      aa += x * x
      ab += x * y
      bb += y * y
      a += x
      b += y
    }
    let determinant = aa * bb - ab * ab
    // With one sample, the costs' ratio is that of a typical processor.
    guard determinant > 1e-9 * aa * bb else {
      let ratio = Plan.Item.macsPerElement
      let scale = samples.first.map {
        $0.seconds / (Double($0.item.cost.macs) + ratio * Double($0.item.elements))
      }
      (perMAC, perElement) = (scale ?? 0, ratio * (scale ?? 0))
      return
    }
    let (left, right) = ((a * bb - b * ab) / determinant, (b * aa - a * ab) / determinant)
    perMAC = right < 0 ? a / aa : max(0, left)
    perElement = left < 0 ? b / bb : max(0, right)
  }

  func seconds(_ item: Plan.Item) -> Double {
    perMAC * Double(item.cost.macs) + perElement * Double(item.elements)
  }
}
