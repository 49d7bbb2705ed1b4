import Common
import Foundation
import Testing

@testable import DataSets
@testable import Images

@Suite struct SynthesisTests {
  @Test("The same numbers draw the same files; another seed draws others")
  func deterministic() throws {
    try withTemporaryFolder { folder in
      for (name, seed) in [("a", 1), ("b", 1), ("c", 2)] {
        try Synthesis(classes: 3, trainPerClass: 2, valPerClass: 1, size: 16, seed: UInt64(seed))
          .write(to: "\(folder)/\(name)")
      }
      let files = try FileManager.default.subpathsOfDirectory(atPath: "\(folder)/a").sorted()
        .filter { $0.hasSuffix(".png") }
      #expect(files.count == 9)
      for file in files {
        let bytes = try ["a", "b", "c"].map { try FileContents.read("\(folder)/\($0)/\(file)") }
        #expect(bytes[0] == bytes[1])
        #expect(bytes[0] != bytes[2])
      }
    }
  }

  @Test("More images of a class leave the first ones as they were; the splits share none")
  func stable() throws {
    let synthesis = try Synthesis(size: 32)
    let training = (0..<20).map { synthesis.draw(.star, number: $0, validation: false).pixels }
    let validation = (0..<20).map { synthesis.draw(.star, number: $0, validation: true).pixels }
    #expect(Set(training + validation).count == 40)
  }

  @Test("Each pattern differs from a plain ground and from every other pattern")
  func patterns() throws {
    let grid = stride(from: -3.0, to: 3.0, by: 0.1)
    let inside = Pattern.allCases.map { pattern in
      grid.flatMap { v in grid.map { u in pattern.distance(u, v) < 0 } }
    }
    #expect(Set(inside).count == Pattern.allCases.count)
    for cells in inside {
      #expect(cells.contains(true) && cells.contains(false))
    }
  }

  @Test("A folder that holds anything is never drawn into, and a failure leaves nothing behind")
  func nothingOverwritten() throws {
    try withTemporaryFolder { folder in
      try FileContents.create("\(folder)/note", Data("mine".utf8))
      let synthesis = try Synthesis(classes: 2, trainPerClass: 1, valPerClass: 1, size: 8)
      let taken = try #require(throws: SweepError.self) { try synthesis.write(to: folder) }
      #expect(taken.kind == .badInput)
      let below = try #require(throws: SweepError.self) {
        try synthesis.write(to: "\(folder)/note/data")
      }
      #expect(below.message == "cannot create the folder: Not a directory")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["note"])
    }
  }

  @Test(
    "A number out of its range is refused by its option's name",
    arguments: [
      (1, 1, 64, "--classes"), (11, 1, 64, "--classes"), (2, 0, 64, "--train-per-class"),
      (2, 1, 7, "--size"),
    ])
  func ranges(classes: Int, train: Int, size: Int, option: String) throws {
    let error = try #require(throws: SweepError.self) {
      try Synthesis(classes: classes, trainPerClass: train, size: size)
    }
    #expect(error.kind == .usage)
    #expect(error.message.hasPrefix(option))
  }
}
