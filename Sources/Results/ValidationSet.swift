/// The classes of a data set's validation images.
package struct ValidationSet: Sendable, Equatable {
  /// The fingerprint of the data set, as runs have it.
  package var dataFingerprint: String
  /// The names of the classes, by number.
  package var classes: [String]
  /// The class of each validation image in the data set's order, from 0 to 65535.
  package var labels: [Int32]

  /// The validation images of the data set of that fingerprint.
  package init(dataFingerprint: String, classes: [String], labels: [Int32]) {
    self.dataFingerprint = dataFingerprint
    self.classes = classes
    self.labels = labels
  }
}

/// What a cell predicted for the validation images after its last epoch.
package struct PredictionRecord: Sendable, Equatable {
  /// The cell's id.
  package let cell: String
  /// The fingerprint of the data set that its run saw.
  package let dataFingerprint: String
  /// The predicted class of each validation image in the data set's order.
  package let classes: [Int32]
}
