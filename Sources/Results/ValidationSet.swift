/// The classes of a data set's validation images.
public struct ValidationSet: Sendable, Equatable {
  /// The fingerprint of the data set, as runs have it.
  public var dataFingerprint: String
  /// The names of the classes, by number.
  public var classes: [String]
  /// The class of each validation image in the data set's order, from 0 to 65535.
  public var labels: [Int32]

  /// The validation images of the data set of that fingerprint.
  public init(dataFingerprint: String, classes: [String], labels: [Int32]) {
    self.dataFingerprint = dataFingerprint
    self.classes = classes
    self.labels = labels
  }
}

/// What a cell predicted for the validation images after its last epoch.
public struct PredictionRecord: Sendable, Equatable {
  /// The cell's id.
  public let cell: String
  /// The fingerprint of the data set that its run saw.
  public let dataFingerprint: String
  /// The predicted class of each validation image in the data set's order.
  public let classes: [Int32]
}
