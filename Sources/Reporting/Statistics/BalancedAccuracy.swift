/// Accuracy that weights all classes equally, whatever their number of images.
///
/// The mean of the classes' recalls: Brodersen et al., "The balanced accuracy and its posterior
/// distribution" (ICPR 2010).
enum BalancedAccuracy {
  /// The mean recall over the classes that have images, 0 to 1; nil where there are none or the
  /// lists differ in length.
  static func of(predictions: [Int32], labels: [Int32]) -> Double? {
    guard predictions.count == labels.count, !labels.isEmpty else { return nil }
    var counts: [Int32: (all: Int, right: Int)] = [:]
    for (prediction, label) in zip(predictions, labels) {
      counts[label, default: (0, 0)].all += 1
      if prediction == label { counts[label, default: (0, 0)].right += 1 }
    }
    // In a fixed order: sums of Doubles depend on it.
    let recalls = counts.sorted { $0.key < $1.key }.map {
      Double($0.value.right) / Double($0.value.all)
    }
    return recalls.reduce(0, +) / Double(recalls.count)
  }
}
