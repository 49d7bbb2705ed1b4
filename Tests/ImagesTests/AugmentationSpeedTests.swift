import Foundation
import Testing

@testable import Images

/// Compares with what `Tests/reference/augmentation_speed.py` measured on the same machine just
/// before.
@Suite struct AugmentationSpeedTests {
  static let theirs = ProcessInfo.processInfo.environment["SWEEP_TORCHVISION_MS"].flatMap(
    Double.init)

  /// This thread's processor time, which other work on the machine does not lengthen much.
  private static func processorMilliseconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e3 + Double(time.tv_nsec) / 1e6
  }

  @Test(
    "Decoding and augmenting a photograph takes at most a third of torchvision's time on one core",
    .enabled(if: theirs != nil, "SWEEP_TORCHVISION_MS is not set"),
    .enabled(if: RealData.path("animals-10-mini") != nil, "the photographs are not there"))
  func isThreeTimesAsFast() throws {
    let root = try #require(RealData.path("animals-10-mini"))
    let paths = try FileManager.default.subpathsOfDirectory(atPath: root).sorted()
      .map { "\(root)/\($0)" }
      .filter { path in (try? Image.size(ofFile: path)).map { $0 == (300, 225) } ?? false }
      .prefix(40)
    try #require(!paths.isEmpty)
    let chain = BatchStreamTests.makePreprocessing(resolution: 224)
    var canvas = Canvas()
    var pixels = [Float](repeating: 0, count: chain.elementCount)
    var rounds: [Double] = []
    for round in 0..<12 {
      let start = Self.processorMilliseconds()
      for (sample, path) in paths.enumerated() {
        let image = try Image(contentsOf: path)
        try chain.run(image, seed: 0, epoch: round, sample: sample, on: &canvas, to: &pixels)
      }
      rounds.append((Self.processorMilliseconds() - start) / Double(paths.count))
    }
    let ours = rounds.sorted()[rounds.count / 2]
    let theirs = try #require(Self.theirs)
    print("ours \(ours) ms, torchvision's \(theirs) ms: \(theirs / ours) times as fast")
    #expect(theirs / ours >= 3)
  }
}
