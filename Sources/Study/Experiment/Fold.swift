import Common

/// The fold of the training images that a cell leaves out of training and validates.
package struct Fold: Sendable, Equatable {
  /// From 0.
  package let number: Int
  package let count: Int

  static let counts = 2...1000
  /// The axis of the grid, and the setting of the recipe.
  static let axis = "dataset.fold"

  init(number: Int, count: Int) { (self.number, self.count) = (number, count) }

  /// Reads the number of folds and the fold; nil without folds.
  init?(count: JSONField?, number: JSONField?) throws(SweepError) {
    guard let count, let number else { return nil }
    self.count = try count.integer(in: Self.counts, "the number of folds")
    self.number = try number.integer(in: 0...(self.count - 1), "the fold")
  }
}
