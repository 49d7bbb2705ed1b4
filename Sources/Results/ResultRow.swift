import Common

/// A cell's final and best figures: one row of the view `results`.
package struct ResultRow: Sendable, Equatable {
  package let cell: CellDescription
  package let status: CellStatus
  /// How many epochs are recorded.
  package let epochs: Int
  /// Training loss of the last epoch, NaN included; nil where no epoch is recorded.
  package let trainLoss: Double?
  /// Training accuracy of the last epoch, a fraction.
  package let trainAccuracy: Double?
  /// Validation loss of the last epoch, NaN included; nil where it was not validated.
  package let valLoss: Double?
  package let valAccuracy, bestValAccuracy: Double?
  /// The first epoch that reached it.
  package let bestEpoch: Int?
  /// Seconds of training and validation.
  package let seconds: Double?
  package let imagesPerSecond: Double?
  /// Seconds that one image takes with the final weights, as measured by the newest run that did;
  /// nil where none has.
  package let latencySeconds: Double?
}

/// One epoch of a cell: one row of the view `history`.
package struct HistoryRow: Sendable, Equatable {
  package let cell: String
  package let record: EpochRecord
}

extension ResultRow {
  /// The same row without figures that cannot be true: accuracies outside of 0 to 1, and times and
  /// speeds that are not positive or not finite.
  ///
  /// A store can hold them: clocks jump, and any program can write to it.
  package var plausible: ResultRow {
    func fraction(_ value: Double?) -> Double? { value.flatMap { (0...1).contains($0) ? $0 : nil } }
    func positive(_ value: Double?) -> Double? {
      value.flatMap { $0 > 0 && $0 < 1e15 ? $0 : nil }
    }
    return ResultRow(
      cell: cell, status: status, epochs: epochs, trainLoss: trainLoss,
      trainAccuracy: fraction(trainAccuracy), valLoss: valLoss, valAccuracy: fraction(valAccuracy),
      bestValAccuracy: fraction(bestValAccuracy), bestEpoch: bestEpoch, seconds: positive(seconds),
      imagesPerSecond: positive(imagesPerSecond), latencySeconds: positive(latencySeconds))
  }
}
