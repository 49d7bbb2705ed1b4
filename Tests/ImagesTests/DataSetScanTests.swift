import Common
import Foundation
import Reporting
import Synchronization
import Testing

@testable import DataSets
@testable import Images

@Suite struct DataSetScanTests {
  /// A data set of two classes; `change` may alter its files.
  private func withDataSet(
    _ change: (_ root: String) throws -> Void = { _ in }, body: (_ root: String) throws -> Void
  ) throws {
    try withTemporaryFolder { folder in
      let root = "\(folder)/data"
      try Synthesis(classes: 2, trainPerClass: 3, valPerClass: 2, size: 8).write(to: root)
      try change(root)
      try body(root)
    }
  }

  private func copy(_ fixture: String, to path: String) throws {
    try FileManager.default.copyItem(atPath: DecodingFixtures.path(fixture), toPath: path)
  }

  @Test("The fingerprint depends on names and content alone: not on the place or the threads")
  func fingerprint() throws {
    func fingerprint(_ root: String, threads: Int = 2) throws -> String {
      try DataSetScan(DataSet(root: root).splits, threads: threads).fingerprint()
    }
    try withDataSet { root in
      let first = try fingerprint(root, threads: 1)
      #expect(first.count == 64)
      #expect(try fingerprint(root, threads: 8) == first)
      try FileManager.default.moveItem(atPath: root, toPath: "\(root)-moved")
      #expect(try fingerprint("\(root)-moved") == first)
      try FileManager.default.moveItem(
        atPath: "\(root)-moved/val/cross/cross-0000.png", toPath: "\(root)-moved/val/cross/a.png")
      let renamed = try fingerprint("\(root)-moved")
      #expect(renamed != first)
      try FileManager.default.removeItem(atPath: "\(root)-moved/val/cross/a.png")
      try copy("good/one-pixel.png", to: "\(root)-moved/val/cross/a.png")
      #expect(try fingerprint("\(root)-moved") != renamed)
    }
  }

  @Test("Every broken file is found, in order, and the fingerprint is refused with their number")
  func broken() throws {
    try withDataSet { root in
      try copy("broken/truncated.jpg", to: "\(root)/train/cross/z.jpg")
      try copy("broken/text.png", to: "\(root)/val/checks/a.png")
      try FileManager.default.createSymbolicLink(
        atPath: "\(root)/val/checks/b.png", withDestinationPath: "/no/such/file.png")
    } body: { root in
      let scan = try DataSetScan(DataSet(root: root).splits, threads: 3)
      let expected = ["train/cross/z.jpg", "val/checks/a.png", "val/checks/b.png"]
      #expect(scan.broken.map(\.location) == expected.map { "\(root)/\($0)" })
      let error = try #require(throws: SweepError.self) { try scan.fingerprint() }
      #expect(error.kind == .badInput)
      #expect(error.location == "\(root)/train/cross/z.jpg")
      #expect(error.message.hasSuffix("(and 2 more of 13 images are broken)"))
    }
  }

  @Test("Progress counts every file once, and its refusal ends the scan as interrupted")
  func progress() throws {
    try withDataSet { root in
      let splits = try DataSet(root: root).splits
      let heard = Mutex<[Int]>([])
      _ = try DataSetScan(splits, threads: 4) { done, of in
        heard.withLock { $0.append(done) }
        return of == 10
      }
      #expect(heard.withLock { Set($0).subtracting([0]) } == Set(1...10))
      let error = try #require(throws: SweepError.self) {
        try DataSetScan(splits, threads: 2) { done, _ in done < 3 }
      }
      #expect(error.kind == .interrupted)
    }
  }

  @Test("A check lists counts, broken files, wrong extensions, duplicates and unused files")
  func check() throws {
    try withDataSet { root in
      try copy("broken/gif.jpg", to: "\(root)/train/cross/z.jpg")
      try copy("good/really-a-jpeg.png", to: "\(root)/train/cross/y.png")
      try copy("good/really-a-jpeg.png", to: "\(root)/val/checks/same.jpg")
      try FileContents.create("\(root)/val/notes.txt", Data())
    } body: { root in
      let check = try DataSetCheck(root: root, threads: 2)
      let lines = check.text.split(separator: "\n", omittingEmptySubsequences: false)
      #expect(
        lines.joined(separator: "\n") == """
          class   train  val  total
          ─────────────────────────
          checks      3    3      6
          cross       5    2      7
          ─────────────────────────
          all         8    5     13

          broken: 1
            \(root)/train/cross/z.jpg: the file holds a GIF image

          wrong extension: 1
            train/cross/y.png holds a JPEG image

          in several splits: 1
            train/cross/y.png = val/checks/same.jpg

          in several classes: 1
            train/cross/y.png = val/checks/same.jpg

          not used: 1
            val/notes.txt

          """)
      #expect(
        check.verdict?.description == "\(root): 1 of 13 images is broken; replace or remove them")
    }
  }

  @Test("A request to stop is heard while a file is being decoded")
  func stopsWhileDecoding() throws {
    let isStuck = Atomic(true)
    defer { isStuck.store(false, ordering: .relaxed) }
    let start = ContinuousClock.now
    let error = try #require(throws: SweepError.self) {
      try decodeAll(
        4, threads: 2, progress: { _, _ in ContinuousClock.now < start + .seconds(0.2) }
      ) { _ throws(SweepError) in
        while isStuck.load(ordering: .relaxed) { usleep(1000) }
        return 0
      }
    }
    #expect(error.kind == .interrupted)
    #expect(ContinuousClock.now < start + .seconds(2))
  }

  @Test("Too many open files are the machine's failure, not 10 broken images")
  func tooManyOpenFiles() throws {
    let outcome = DataSetScan.machineFailure(in: [
      SweepError(.badInput, at: "a", "the PNG is broken"),
      .system(EMFILE, at: "b", "cannot open the file"),
    ])
    #expect(outcome?.location == "b" && outcome?.kind == .fileSystem)
    #expect(DataSetScan.machineFailure(in: [SweepError(.badInput, at: "a", "broken")]) == nil)
  }

  @Test("Identical files are found across splits and across classes")
  func identical() throws {
    try withDataSet { root in
      try copy("good/one-pixel.png", to: "\(root)/train/cross/p.png")
      try copy("good/one-pixel.png", to: "\(root)/train/checks/q.png")
      try copy("good/one-pixel.png", to: "\(root)/val/cross/r.png")
    } body: { root in
      let scan = try DataSetScan(DataSet(root: root).splits, threads: 1)
      #expect(scan.acrossSplits.map(\.second) == ["val/cross/r.png"])
      #expect(
        scan.acrossClasses.map { [$0.first, $0.second] } == [
          ["train/checks/q.png", "train/cross/p.png"], ["train/checks/q.png", "val/cross/r.png"],
        ])
      #expect(
        scan.remark?.contains("1 images are in several splits, 2 images are in several") == true)
    }
    try withDataSet(body: { root in
      let scan = try DataSetScan(DataSet(root: root).splits, threads: 1)
      #expect(scan.remark == nil)
    })
  }

  @Test("A sound data set is checked without a complaint; different classes are one")
  func verdict() throws {
    try withDataSet { root in
      let sound = try DataSetCheck(root: root, threads: 2)
      #expect(sound.verdict == nil)
      #expect(sound.text.hasSuffix("\nfingerprint: \(try sound.scan.fingerprint())\n"))
      try FileManager.default.moveItem(atPath: "\(root)/val/cross", toPath: "\(root)/val/crow")
      let check = try DataSetCheck(root: root, threads: 2)
      #expect(check.verdict?.message.contains("only in train: cross; only in val: crow") == true)
      #expect(check.text.contains("cross       3    0      3\ncrow        0    2      2\n"))
    }
  }
}
