import Common
import Foundation
import GRDB
import Results
import Engine
import Weights

@testable import Study

/// Files to begin with, made by the program itself; images come from the tests' fixtures.
enum Seeds {
  static func write(to folder: String) throws {
    let tensors = [
      NamedTensor(name: "a.weight", shape: [2, 1, 1, 1], values: .float32([1, -0.5])),
      NamedTensor(name: "b", shape: [], values: .int64([7])),
    ]
    try put(
      Safetensors.encode(Safetensors.Contents(tensors: tensors, metadata: ["k": "v\n\"é"])),
      "safetensors/small", in: folder)
    try put(
      Safetensors.encode(
        Checkpoint(
          identity: ["recipe": "{}"],
          progress: Checkpoint.Progress(epoch: 1, step: 2, seconds: 0.5),
          weights: tensors,
          optimizerState: [
            NamedTensor(name: "optimizer.step", shape: [], values: .int64([2]))
          ]
        ).contents), "checkpoint/small", in: folder)
    try store(in: folder)
  }

  /// A store with one experiment, a run and two epochs.
  private static func store(in folder: String) throws {
    let path = "\(folder)/store/small"
    try Folder.create("\(folder)/store")
    for end in ["", "-wal", "-shm"] { unlink(path + end) }
    do {
      let store = try Store.open(path)
      let cell = CellDescription(
        id: "c", model: "mobilenet_v1", width: 1, resolution: 96, seed: 0,
        axes: [.init("optimizer.lr", .number(0.01))], params: 1, macs: 2, flops: 4, thopMACs: nil,
        epochs: 2)
      try store.register(
        ExperimentDescription(name: "e", file: "{}", folder: "e", cells: [cell]))
      guard let record = try store.cells(of: "e").first else { return }
      let run = try store.begin(
        RunDescription(
          host: "h", processID: 1, operatingSystem: "o", processor: "p", vectorBits: 256,
          threads: 1, programVersion: "0", gitCommit: nil, gitIsDirty: nil, libraries: [:],
          initialWeightsSHA256: "0", dataFingerprint: "0", resumedEpochs: 0), of: record)
      for epoch in 1...2 {
        try store.record(
          EpochRecord(
            epoch: epoch, trainLoss: .nan, trainAccuracy: 0.5, valLoss: 1, valAccuracy: 0.5,
            learningRate: 0.001, trainSeconds: 1, valSeconds: 1, imagesPerSecond: 10), of: run,
          predictions: [0, 1])
      }
      let file = try store.place(
        .final, of: cell.recipe, in: "e", name: "e/final/c", exists: { _ in false })
      try store.record(file) { () throws(SweepError) in }
      try store.finish(run, .done)
    }
    // Small, so that changes fall where they matter, and whole without the log beside it.
    try DatabaseQueue(path: path).vacuum(pageSize: 512)
    for end in ["-wal", "-shm"] { unlink(path + end) }
  }

  private static func put(_ data: Data, _ name: String, in folder: String) throws {
    let path = "\(folder)/\(name)"
    try Folder.create((path as NSString).deletingLastPathComponent)
    try data.write(to: URL(fileURLWithPath: path))
  }
}

extension DatabaseQueue {
  /// Writes the file anew with pages of so many bytes and without a log.
  fileprivate func vacuum(pageSize: Int) throws {
    try writeWithoutTransaction { db in
      try db.execute(
        sql: "PRAGMA journal_mode = DELETE; PRAGMA page_size = \(pageSize); VACUUM")
    }
  }
}
