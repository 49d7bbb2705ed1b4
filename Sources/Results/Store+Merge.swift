import Common
import GRDB

/// What came of merging stores.
public struct MergeReport: Sendable, Equatable {
  /// How many cells' runs were taken over.
  public var taken = 0
  /// How many cells were there already with the same figures.
  public var same = 0
}

extension Store {
  /// Takes over what `other` has and this store has not; the same rows in both are one.
  ///
  /// Throws, and changes nothing, where both have a cell with different figures, an experiment with
  /// different recipes, or cells that were trained on different images.
  @discardableResult
  public func merge(_ other: Store) throws(SweepError) -> MergeReport {
    try StoreMerge(target: self, source: other).run(commits: true)
  }

  /// Throws where `merge` would; nothing is changed.
  public func check(mergeOf other: Store) throws(SweepError) {
    _ = try StoreMerge(target: self, source: other).run(commits: false)
  }

  /// The processors that runs were made on, with their vectors' width.
  public func processors() throws(SweepError) -> [String] {
    try fetch { db in
      try String.fetchAll(
        db,
        sql: """
          SELECT DISTINCT processor || ', ' || vector_bits || '-bit vectors' FROM runs ORDER BY 1
          """)
    }
  }
}
