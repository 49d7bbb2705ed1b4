import Common

/// The first thing in which a cell differs from a record.
package enum ResultDifference: Sendable, Equatable {
  /// The weights before training differ.
  case initialWeights
  /// A figure of an epoch; nil if one side has none.
  case figure(epoch: Int, name: String, recorded: Double?, found: Double?)
  /// One side has fewer epochs.
  case epochs(recorded: Int, found: Int)
  /// All figures match, but the weights after the last epoch differ.
  case finalWeights
  case notDone
}

extension ResultRecord.Cell {
  /// The first difference from `other`, in training order; nil if both are identical to the bit.
  package func difference(to other: ResultRecord.Cell?) -> ResultDifference? {
    guard let other else { return .notDone }
    if initialWeights != other.initialWeights { return .initialWeights }
    for (mine, theirs) in zip(epochs, other.epochs) {
      for (name, values) in zip(ResultRecord.figures, zip(mine.values, theirs.values))
      where values.0?.bitPattern != values.1?.bitPattern {
        return .figure(epoch: mine.number, name: name, recorded: values.0, found: values.1)
      }
    }
    if epochs.count != other.epochs.count {
      return .epochs(recorded: epochs.count, found: other.epochs.count)
    }
    return finalWeights == other.finalWeights ? nil : .finalWeights
  }
}

extension ResultRecord {
  /// The first difference between each cell and the cell in `other` with the same label.
  package func differences(
    to other: ResultRecord
  ) -> [(cell: Cell, difference: ResultDifference?)] {
    let others = Dictionary(
      other.cells.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    return cells.map { ($0, $0.difference(to: others[$0.id])) }
  }

  /// The differences between the recorded images and a file list, in one line.
  package func changes(to files: String) -> String {
    DataIdentity.summary(
      DataIdentity.changes(from: data, to: files))
  }
}
