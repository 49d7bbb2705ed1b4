import Common
import DataSets
import Images
import Results
import Study

/// What an experiment needs before it is run or submitted: its store, and its images, each decoded
/// once.
struct Preparation {
  /// The store, which is created only once the images have been found sound.
  let store: Store
  let fingerprint: String
  /// The list of images as the store keeps it.
  let files: String

  /// Opens the store, refuses a changed recipe, and decodes the images that the store does not know.
  ///
  /// `beforeScan` checks what else can be refused early. Throws where images are broken, or are not
  /// those of the fingerprint `expected`.
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
      for remark in [UnusedFiles(data.splits).remark, scan.remark].compactMap(\.self) {
        Output.note("\(remark)\n")
      }
    }
    if let expected, expected != fingerprint {
      throw SweepError(
        .badInput, at: data.root, "the images are not those that were submitted",
        advice: "put them back, or cancel and submit again")
    }
    if let existing {
      store = existing
    } else {
      store = try Store.open(path, isShared: isShared, isStopped: isStopped)
    }
  }
}
