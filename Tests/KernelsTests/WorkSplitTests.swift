import Testing

@testable import Kernels

@Suite struct WorkSplitTests {
  private static let splits = [1, 2, 63, 64, 65, 1000, 6144, 6145, 100_000].flatMap { rows in
    [1, 24, 64, 4096].flatMap { block in [1, 8, 64].map { (rows, block, $0) } }
  }

  @Test("The chunks are whole blocks that cover every row once", arguments: splits)
  func covers(rows: Int, block: Int, most: Int) {
    let split = WorkSplit(rows: rows, block: block, most: most)
    let ranges = (0..<split.chunks).map(split.range)
    #expect(ranges.flatMap { Array($0) } == Array(0..<rows))
    #expect((1...most).contains(split.chunks))
    #expect(ranges.allSatisfy { !$0.isEmpty && $0.lowerBound % block == 0 })
    #expect(ranges.dropLast().allSatisfy { $0.count == split.rowsPerChunk })
    #expect(split.partialSums.count == split.chunks)
  }

  @Test("Nothing to do is no chunk")
  func empty() { #expect(WorkSplit(rows: 0, block: 8).chunks == 0) }

  @Test("There is as much parallelism as there may be")
  func parallel() {
    #expect(WorkSplit(rows: 64, block: 1).chunks == 64)
    #expect(WorkSplit(rows: 640, block: 10).chunks == 64)
    #expect(WorkSplit(rows: 65, block: 1).chunks == 33)
    #expect(WorkSplit(rows: 63, block: 1).chunks == 63)
  }
}
