import Common

/// A cell's final and best figures: one row of the view `results`.
public struct ResultRow: Sendable, Equatable {
  /// The cell as the grid defines it.
  public let cell: CellDescription
  /// Where it stands.
  public let status: CellStatus
  /// How many epochs are recorded.
  public let epochs: Int
  /// Training loss of the last epoch, NaN included; nil where no epoch is recorded.
  public let trainLoss: Double?
  /// Training accuracy of the last epoch, a fraction.
  public let trainAccuracy: Double?
  /// Validation loss of the last epoch, NaN included; nil where it was not validated.
  public let valLoss: Double?
  /// Validation accuracy of the last epoch, a fraction.
  public let valAccuracy: Double?
  /// The best validation accuracy of all epochs, a fraction.
  public let bestValAccuracy: Double?
  /// The first epoch that reached it.
  public let bestEpoch: Int?
  /// Seconds of training and validation.
  public let seconds: Double?
  /// Images trained per second, over all epochs.
  public let imagesPerSecond: Double?
  /// Seconds that one image takes with the final weights, as measured by the newest run that did;
  /// nil where none has.
  public let latencySeconds: Double?
}

/// One epoch of a cell: one row of the view `history`.
public struct HistoryRow: Sendable, Equatable {
  /// The id of the cell it belongs to.
  public let cell: String
  /// The epoch's figures.
  public let record: EpochRecord
}
