/// Holm's correction for several tests.
///
/// Holm, "A simple sequentially rejective multiple test procedure" (Scandinavian Journal of
/// Statistics 6, 1979).
enum Holm {
  /// The adjusted p-values, in the order of `pValues`.
  ///
  /// The k-th smallest of m is multiplied by m − k + 1, made no smaller than the previous one, and
  /// limited to 1.
  static func adjusted(_ pValues: [Double]) -> [Double] {
    let order = pValues.indices.sorted { pValues[$0] < pValues[$1] }
    var adjusted = pValues
    var largest = 0.0
    for (rank, index) in order.enumerated() {
      largest = max(largest, min(1, pValues[index] * Double(pValues.count - rank)))
      adjusted[index] = largest
    }
    return adjusted
  }
}
