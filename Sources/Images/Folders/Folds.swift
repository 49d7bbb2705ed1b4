import Common

/// A division of a split's images into folds for cross-validation.
///
/// It is stratified: the folds' sizes differ by at most one image, in all and in each class. Which
/// images a fold has depends on nothing but their number in each class.
package struct Folds: Sendable, Equatable {
  package let count: Int
  /// The fold of each image, from 0.
  private let numbers: [Int]

  /// Throws `.badInput` if a class has fewer images than there are folds.
  init(of folder: ImageFolder, count: Int) throws(SweepError) {
    self.count = count
    var classes = [[Int]](repeating: [], count: folder.classes.count)
    for (index, sample) in folder.samples.enumerated() { classes[Int(sample.label)].append(index) }
    var numbers = [Int](repeating: 0, count: folder.samples.count)
    var next = 0
    for (label, images) in classes.enumerated() {
      guard images.count >= count else {
        throw SweepError(
          .badInput, at: "\(folder.root)/\(folder.split)/\(folder.classes[label])",
          "the class has \(Format.count(images.count, "image")), fewer than the \(count) folds",
          advice: "lower dataset.folds, or add images")
      }
      var random = CounterRandom(
        seed: 0, purpose: .split, epoch: UInt32(truncatingIfNeeded: label),
        sample: UInt32(truncatingIfNeeded: images.count))
      for place in random.permutation(of: images.count) {
        numbers[images[place]] = next % count
        next += 1
      }
    }
    self.numbers = numbers
  }

  /// The images of a fold, or all others, in order.
  func samples(
    _ folder: ImageFolder, in fold: Int, otherwise isOutside: Bool
  ) -> [ImageFolder.Sample] {
    zip(folder.samples, numbers).filter { ($0.1 == fold) != isOutside }.map(\.0)
  }
}
