import Foundation

/// The images in Fixtures/decoding, and what is expected of each.
struct DecodingFixtures: Decodable {
  struct Picture: Decodable {
    let width: Int
    let height: Int
    let sha256: String
  }

  let good: [String: Picture]
  let broken: [String: String]

  static let folder = Bundle.module.bundleURL.appendingPathComponent("Fixtures/decoding")

  /// Empty where the fixtures cannot be read; a test tells that case.
  static let expected: DecodingFixtures =
    (try? JSONDecoder().decode(
      DecodingFixtures.self,
      from: Data(contentsOf: folder.appendingPathComponent("expected.json"))))
    ?? DecodingFixtures(good: [:], broken: [:])

  private init(good: [String: Picture], broken: [String: String]) {
    self.good = good
    self.broken = broken
  }

  static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }
}

/// The real images: the folder that SWEEP_TEST_DATA names, else ../shared/data beside the checkout.
enum RealData {
  static func path(_ name: String) -> String? {
    let checkout = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let root =
      ProcessInfo.processInfo.environment["SWEEP_TEST_DATA"]
      ?? checkout.deletingLastPathComponent().appendingPathComponent("shared/data").path
    let path = "\(root)/\(name)"
    return FileManager.default.fileExists(atPath: path) ? path : nil
  }
}
