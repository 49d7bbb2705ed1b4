import Common
import Testing

@testable import DataSets
@testable import Images

@Suite struct RealDataTests {
  /// Each data set's SHA-256 over the SHA-256s of its images' RGB bytes as Pillow 13.0.0 decodes
  /// them, in the order of their names.
  static let sets = [
    ("animals-10-mini", 320, "53b9de6914bddba83978c3e8c02a60cbef0435e009cb04d803f6064e79dca6da"),
    ("tiny-animals-10", 5500, "d2ebcdcb278338670dd56f9fe47c015781d7934ab9794450e1215ac47b97fa92"),
  ]

  @Test(
    "Real photographs all decode, to Pillow's bytes",
    .enabled(
      if: sets.contains { RealData.path($0.0) != nil }, "the photographs are not there"),
    arguments: sets.filter { RealData.path($0.0) != nil })
  func photographs(name: String, count: Int, digest: String) throws {
    let root = try #require(RealData.path(name))
    let names = try DataSet(root: root).splits.flatMap { $0.samples.map(\.name) }
      .sorted(by: codePointOrder)
    let pixels = try decodeAll(names.count, threads: 2, progress: { _, _ in true }) {
      index throws(SweepError) in
      SHA256.hash(try Image(contentsOf: "\(root)/\(names[index])").pixels)
    }
    #expect(names.count == count)
    #expect(SHA256.hash(try pixels.map { try $0.get() }.joined().utf8) == digest)
  }
}
