import Common
import DataSets
import Images
import Results
import Study

/// The store and the decoded images that an experiment needs before it runs or is submitted.
struct Preparation {
  /// The store; it is created only after all images decoded.
  let store: Store
  let fingerprint: String
  /// The image list in the store's format.
  let files: String

  /// Opens the store, checks the recipe, and decodes images that the store does not know.
  ///
  /// `beforeScan` makes further early checks. Throws if images are broken or do not match the
  /// fingerprint `expected`.
  init(
    _ experiment: Experiment, _ data: DataSet, store path: String,
    threads: Int = Processors.available, expected: String? = nil, isShared: Bool? = nil,
    isSilent: Bool = false, interrupt: Interrupt? = nil,
    beforeScan: () throws(SweepError) -> Void = {}
  ) throws(SweepError) {
    let isStopped: @Sendable () -> Bool = { interrupt?.isRequested ?? false }
    let existing = try Store.openExisting(path, isShared: isShared, isStopped: isStopped)
    if let existing { try SweepRunner.refuseChangedRecipe(experiment, in: existing) }
    try beforeScan()
    let scan = try DataMeter.watch(isSilent: isSilent, interrupt: interrupt) {
      progress throws(SweepError) in
      let sound = try DataSetScan.digests(in: existing?.dataSets() ?? [])
      return try DataSetScan(
        data.splits, threads: try DecodedSize(data).threads(threads), sound: sound,
        progress: progress)
    }
    fingerprint = try scan.fingerprint()
    files = scan.listing
    if !isSilent {
      let remarks = [data.exclusionRemark, UnusedFiles(data.splits).remark, scan.remark]
      for remark in remarks.compactMap(\.self) {
        Output.note("\(remark)\n")
      }
    }
    if let expected, expected != fingerprint {
      throw SweepError(
        .badInput, at: data.root, "the images changed since submission",
        advice: "put them back, or cancel and submit again")
    }
    if let existing {
      store = existing
    } else {
      store = try Store.open(path, isShared: isShared, isStopped: isStopped)
    }
  }
}
