import Common
import Engine

/// The measured time to prepare images.
struct InputTime {
  /// Seconds of the machine per image that is decoded, and per image that is kept decoded.
  private var decoded = 0.0
  private var kept = 0.0
  /// The share of the images that are kept decoded after the first epoch.
  private let keptShare: Double

  init(_ plan: Plan, _ batches: any BatchSource) throws(SweepError) {
    keptShare = batches.keptShare
    guard let group = plan.groups.min(by: { $0.group.resolution < $1.group.resolution })?.group
    else { return }
    decoded = try Self.seconds(group, batches)
    kept = min(decoded, try Self.seconds(group, batches))
  }

  /// The seconds for an epoch's images.
  func seconds(later data: DataSize) -> Double {
    Double(data.trainImages + data.valImages) * (keptShare * kept + (1 - keptShare) * decoded)
  }

  /// The additional seconds for decoding all images: to check them, and in the first epoch.
  func seconds(first data: DataSize) -> Double {
    Double(data.trainImages + data.valImages) * (1 + keptShare) * (decoded - kept)
  }

  private static func seconds(
    _ group: CellGroup, _ batches: any BatchSource
  ) throws(SweepError) -> Double {
    let start = ProcessTime.now
    guard let batch = try batches.training(group, epoch: 1, from: 0).next() else { return 0 }
    return (ProcessTime.now - start) / Double(batch.count * Processors.available)
  }
}
