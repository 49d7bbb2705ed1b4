import Common

/// A cell's final and best figures: a row of the view `results`.
package struct ResultRow: Sendable, Equatable {
  package let cell: CellDescription
  package let status: CellStatus
  /// The number of recorded epochs.
  package let epochs: Int
  /// Training loss of the last epoch, possibly NaN; nil without epochs.
  package let trainLoss: Double?
  /// Training accuracy of the last epoch, 0 to 1.
  package let trainAccuracy: Double?
  /// Validation loss of the last epoch, possibly NaN; nil without validation.
  package let valLoss: Double?
  package let valAccuracy: Double?
  /// Validation accuracy of the best epoch.
  ///
  /// It is optimistic: the same images chose the epoch.
  package let bestValAccuracy: Double?
  /// The first epoch with the best accuracy.
  package let bestEpoch: Int?
  /// Seconds of training and validation.
  package let seconds: Double?
  package let imagesPerSecond: Double?
  /// Seconds per image with the final weights, from the newest run that measured it; nil if none
  /// did.
  package let latencySeconds: Double?
  /// Loss of the final weights on the test images, possibly NaN; nil without a test.
  package var testLoss: Double?
  package var testAccuracy: Double?
}

/// One epoch of a cell: a row of the view `history`.
package struct HistoryRow: Sendable, Equatable {
  package let cell: String
  package let record: EpochRecord
}

extension ResultRow {
  /// The same row without impossible figures: accuracies outside 0 to 1, and times or speeds that
  /// are not positive and finite.
  ///
  /// Clocks jump, and any program can write to a store.
  package var plausible: ResultRow {
    func fraction(_ value: Double?) -> Double? { value.flatMap { (0...1).contains($0) ? $0 : nil } }
    func positive(_ value: Double?) -> Double? {
      value.flatMap { $0 > 0 && $0 < 1e15 ? $0 : nil }
    }
    return ResultRow(
      cell: cell, status: status, epochs: epochs, trainLoss: trainLoss,
      trainAccuracy: fraction(trainAccuracy), valLoss: valLoss, valAccuracy: fraction(valAccuracy),
      bestValAccuracy: fraction(bestValAccuracy), bestEpoch: bestEpoch, seconds: positive(seconds),
      imagesPerSecond: positive(imagesPerSecond), latencySeconds: positive(latencySeconds),
      testLoss: testLoss, testAccuracy: fraction(testAccuracy))
  }
}
