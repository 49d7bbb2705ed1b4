import Common
import Foundation
import Testing

@testable import DataSets
@testable import Images

@Suite struct ExclusionListTests {
  @Test("A list is read by lines, without comments, and compared as bytes")
  func reading() throws {
    try withTemporaryFolder { folder in
      let text = "# broken\r\ntrain/a/1.png\r\n\n#\ntrain/a/ 2.png\nval/a/e\u{301}.png\nlast"
      try text.write(toFile: "\(folder)/list", atomically: false, encoding: .utf8)
      let list = try ExclusionList(contentsOf: "\(folder)/list")
      #expect(list.names == ["train/a/1.png", "train/a/ 2.png", "val/a/e\u{301}.png", "last"])
      let samples = ["train/a/1.png", "val/a/\u{E9}.png", "val/a/e\u{301}.png"].map {
        ImageFolder.Sample(name: $0, label: 0)
      }
      #expect(
        list.rest(of: samples).map { Array($0.name.utf8) } == [Array("val/a/\u{E9}.png".utf8)])
      #expect(throws: SweepError.self) { try ExclusionList(contentsOf: "\(folder)/none") }
    }
  }

  @Test("Excluded images are neither listed nor decoded, and the fingerprint is that of the rest")
  func excluding() throws {
    try withTemporaryFolder { folder in
      let root = "\(folder)/data"
      try Synthesis(classes: 2, trainPerClass: 3, valPerClass: 2, size: 8).write(to: root)
      let names = ["train/cross/cross-0001.png", "val/checks/checks-0000.png"]
      try "broken".write(toFile: "\(root)/\(names[0])", atomically: false, encoding: .utf8)
      let data = try DataSet(root: root, excluding: ExclusionList(names + ["train/no.png"]))
      #expect(data.splits.flatMap(\.excluded) == names)
      #expect(data.train.samples.count == 5 && data.val.samples.count == 3)
      #expect(
        data.exclusionRemark
          == "\(root): 2 images excluded; the list names no image with 1 path: train/no.png")
      let fingerprint = try DataSetScan(data.splits, threads: 2).fingerprint()
      for name in names { try FileManager.default.removeItem(atPath: "\(root)/\(name)") }
      let rest = try DataSet(root: root)
      #expect(rest.exclusionRemark == nil)
      #expect(try DataSetScan(rest.splits, threads: 2).fingerprint() == fingerprint)
    }
  }

  @Test("A class of which nothing is left is refused")
  func emptyClass() throws {
    try withTemporaryFolder { folder in
      let root = "\(folder)/data"
      try Synthesis(classes: 2, trainPerClass: 1, valPerClass: 1, size: 8).write(to: root)
      let error = #expect(throws: SweepError.self) {
        try DataSet(root: root, excluding: ExclusionList(["val/cross/cross-0000.png"]))
      }
      #expect(
        error?.description
          == "\(root)/val/cross: all images of the class are excluded; exclude fewer, or remove the class"
      )
    }
  }
}
