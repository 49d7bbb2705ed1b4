import Common
import Foundation
import Results
import Testing

@testable import Reporting

/// A Python that has TensorBoard, as `SWEEP_TEST_PYTHON` names it or on the `PATH`.
private let python: String? = {
  let named = ProcessInfo.processInfo.environment["SWEEP_TEST_PYTHON"]
  return [named, "/usr/bin/python3", "/usr/local/bin/python3"].compactMap(\.self).first { path in
    guard FileManager.default.isExecutableFile(atPath: path) else { return false }
    return (try? output(path, ["-c", "import tensorboard"]))?.status == 0
  }
}()

private func output(
  _ program: String, _ arguments: [String]
) throws -> (status: Int32, text: String) {
  let process = Process()
  let pipe = Pipe()
  process.executableURL = URL(fileURLWithPath: program)
  process.arguments = arguments
  process.standardOutput = pipe
  process.standardError = FileHandle.nullDevice
  try process.run()
  let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
  process.waitUntilExit()
  return (process.terminationStatus, text)
}

@Suite struct TensorBoardTests {
  let scratch: Scratch

  init() throws { scratch = try Scratch() }

  /// RFC 3720, appendix B.4.
  @Test(
    arguments: [
      (Data(count: 32), 0x8A91_36AA), (Data(repeating: 0xFF, count: 32), 0x62A8_AB43),
      (Data(0..<32), 0x46DD_794E), (Data("123456789".utf8), 0xE306_9283),
    ] as [(Data, UInt32)])
  func checksumsAreThoseOfTheStandard(data: Data, crc: UInt32) {
    #expect(RecordFile.crc32c(data) == crc)
  }

  @Test func aFileIsARowOfRecordsWithTheirChecksums() throws {
    try scratch.fillWithEveryStatus()
    let report = try Report(of: nil, in: scratch.store, history: true)
    let row = report.rows[0]
    let file = [UInt8](TensorBoardExport.file(row, report.history?[row.cell.id] ?? []))
    var place = 0
    var records = 0
    while place < file.count {
      let length = file[place..<place + 8].reversed().reduce(0) { $0 << 8 | Int($1) }
      func crc(_ at: Int) -> UInt32 {
        file[at..<at + 4].reversed().reduce(0) { $0 << 8 | UInt32($1) }
      }
      #expect(crc(place + 8) == RecordFile.maskedCRC(Data(file[place..<place + 8])))
      let data = Data(file[place + 12..<place + 12 + length])
      #expect(crc(place + 12 + length) == RecordFile.maskedCRC(data))
      place += 16 + length
      records += 1
    }
    // The version, the hyperparameters, three epochs, the end.
    #expect(place == file.count && records == 6)
  }

  @Test(.enabled(if: python != nil, "needs a Python with TensorBoard"))
  func tensorBoardReadsTheStoredFigures() throws {
    try scratch.fillWithEveryStatus()
    let evidence = try Evidence(of: nil, in: scratch.store)
    let folder = scratch.folder + "/events"
    #expect(try TensorBoardExport(evidence).write(to: folder) == 5)
    let package = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent()
    let script = package.appending(path: "reference/tensorboard_scalars.py").path
    let (status, text) = try output(try #require(python), [script, folder])
    #expect(status == 0)
    let lines = Set(text.split(separator: "\n").map(String.init))
    let first = "mobilenet_v1-w1.0-r224-s0"
    for line in [
      "\(first)\taccuracy/validation\t1\t0.5", "\(first)\taccuracy/validation\t2\t0.75",
      "\(first)\taccuracy/validation\t3\t0.625", "\(first)\taccuracy/train\t2\t0.8125",
      "\(first)\tloss/validation\t3\t1.6", "\(first)\tlearning_rate\t1\t0.001",
      "\(first)\tmodel\t\tmobilenet_v1", "\(first)\twidth\t\t1.0", "\(first)\tresolution\t\t224.0",
      "\(first)\tstatus\t\t1", "mobilenet_v1-w0.35-r224-s0\tloss/train\t1\tnan",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
    let cells = Set(lines.compactMap { $0.split(separator: "\t").first })
    #expect(cells.count == 5)
  }
}
