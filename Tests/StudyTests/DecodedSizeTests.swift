import Common
import Foundation
import Images
import Testing

@testable import Study

@Suite struct DecodedSizeTests {
  @Test("Images count with their decoded size; threads fit into memory, and one image must")
  func sizes() throws {
    let workshop = try Workshop()
    let root = workshop.path + "/data"
    for (path, side) in [
      ("train/a/1.png", 10), ("train/b/1.png", 30), ("val/a/1.png", 10), ("val/b/1.png", 10),
    ] {
      let file = URL(filePath: "\(root)/\(path)")
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      let pixels = [UInt8](repeating: 9, count: 3 * side * side)
      try Image(width: side, height: side, pixels: pixels).encodedPNG().write(to: file)
    }
    let data = try DataSet(root: root)
    let size = DecodedSize(data)
    #expect(size.totalBytes == 3 * (900 + 3 * 100))
    let file = try #require(DiskFiles().size(root + "/train/b/1.png"))
    #expect(size.decodingBytes == file + 11 * 900)
    #expect(try size.threads(4, free: nil) == 4)
    #expect(try size.threads(4, free: 5 * size.decodingBytes) == 2)
    #expect(try size.threads(4, free: size.decodingBytes) == 1)
    let error = #expect(throws: SweepError.self) {
      _ = try size.threads(1, free: size.decodingBytes - 1)
    }
    #expect(error?.kind == .resources)
    #expect(error?.location == root + "/train/b/1.png")
    // No more decoders than memory allows, and none of it left for decoded images.
    let batches = DataSetBatches(data, fingerprint: "", workers: 3)
    #expect(batches.mostBytes == 3 * size.decodingBytes + size.totalBytes)
    batches.limitMemory(to: size.decodingBytes)
    #expect(batches.decodingBytes == size.decodingBytes)
  }
}
