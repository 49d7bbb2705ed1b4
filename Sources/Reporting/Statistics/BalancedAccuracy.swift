/// Accuracy that weights all classes equally: the mean of their recalls.
///
/// Brodersen et al., "The balanced accuracy and its posterior distribution" (ICPR 2010).
enum BalancedAccuracy {
  /// The mean recall over the classes with images, 0 to 1; nil if there are none or the lists
  /// differ in length.
  static func of(predictions: [Int32], labels: [Int32]) -> Double? {
    guard predictions.count == labels.count, let last = labels.max(), labels.allSatisfy({ $0 >= 0 })
    else { return nil }
    var all = [Int](repeating: 0, count: Int(last) + 1)
    var right = all
    for (prediction, label) in zip(predictions, labels) {
      all[Int(label)] += 1
      if prediction == label { right[Int(label)] += 1 }
    }
    let recalls = zip(right, all).filter { $0.1 > 0 }.map { Double($0.0) / Double($0.1) }
    return recalls.reduce(0, +) / Double(recalls.count)
  }
}
