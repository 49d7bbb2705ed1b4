import Common
import Foundation
import Networks
import Results

/// A study whose figures are made up, but as figures of a study are: true costs, accuracies that
/// grow with the cost, learning curves, and predictions that agree on easy images.
struct PlausibleStudy {
  var name = "animals10"
  var models = ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"]
  var widths = [1.0, 0.75, 0.5, 0.35]
  var resolutions = [224, 160, 96]
  var seeds = [0]
  var images = 400
  var epochs = 3
  /// What is added to a model's accuracy.
  var advantage = ["mobilenet_v1": 0.03, "mobilenet_v2": 0.0, "c_mobilenet_v2": -0.06]
  var hasPredictions = true
  /// Cells left untrained at the grid's end.
  var pending = 0
  var claims = [
    Claim(.lighter, "mobilenet_v2", than: "mobilenet_v1"),
    Claim(.moreAccurate, "mobilenet_v1", than: "mobilenet_v2"),
    Claim(.moreAccurateAtEqualFLOPs, "mobilenet_v2", than: "mobilenet_v1"),
    Claim(.moreAccurate, "mobilenet_v2", than: "c_mobilenet_v2"),
  ]

  /// Puts the study into a store.
  func fill(_ store: Store) throws {
    var cells: [CellDescription] = []
    for model in models {
      for width in widths {
        let network = try Network.named(model, width: width, classes: 10, rounding: .truncate)
        for resolution in resolutions {
          let cost = try network.cost(resolution: resolution)
          for seed in seeds {
            cells.append(
              CellDescription(
                id: "\(model)-w\(width)-r\(resolution)-s\(seed)", model: model, width: width,
                resolution: resolution, seed: seed, params: cost.params, macs: cost.macs,
                flops: cost.flops, thopMACs: cost.thopMacs,
                activationBytes: 4 * resolution * resolution * Int(32 * width), epochs: epochs))
          }
        }
      }
    }
    try store.register(
      ExperimentDescription(
        name: name, file: "{}", folder: name, cells: cells, claims: claims))
    let labels = (0..<images).map { Int32($0 * $0 % 13 % 10) }
    if hasPredictions {
      try store.register(
        ValidationSet(
          dataFingerprint: "photographs", classes: (0..<10).map { "class \($0)" }, labels: labels))
    }
    for cell in try store.cells(of: name).dropLast(pending) { try train(cell, labels, in: store) }
  }

  private func train(_ cell: CellRecord, _ labels: [Int32], in store: Store) throws {
    let description = cell.description
    let run = try store.begin(
      RunDescription(
        host: "box", processID: 1, operatingSystem: "Linux", processor: "A processor <of> 3 GHz",
        vectorBits: 256, threads: 2, programVersion: "0", gitCommit: nil, gitIsDirty: nil,
        libraries: [:], initialWeightsSHA256: "0", dataFingerprint: "photographs",
        resumedEpochs: 0), of: cell)
    let size = log(Double(description.macs) / 1e7) / log(60)
    let final = 0.45 + 0.3 * size + advantage[description.model, default: 0]
    for epoch in 1...epochs {
      let learned = 1 - exp(-1.2 * Double(epoch))
      let predictions = predict(labels, accuracy: final * learned, cell: description)
      let right = zip(predictions, labels).count { $0 == $1 }
      let accuracy = Double(right) / Double(labels.count)
      let loss = 2.3 * (1 - learned) + 1.2 * (1 - accuracy)
      try store.record(
        EpochRecord(
          epoch: epoch, trainLoss: loss * 0.9, trainAccuracy: accuracy * 0.95 + 0.04,
          valLoss: loss, valAccuracy: accuracy, learningRate: 0.001,
          trainSeconds: Double(description.macs) / 1e6, valSeconds: 1,
          imagesPerSecond: 2e10 / Double(description.macs + 20_000_000)), of: run,
        predictions: hasPredictions ? predictions : nil)
    }
    try store.record(latencySeconds: Double(description.macs) * 2e-11 + 4e-4, of: run)
    try store.finish(run, .done)
  }

  /// An image is easy or hard for all networks alike, and a little different for each.
  private func predict(
    _ labels: [Int32], accuracy: Double, cell: CellDescription
  ) -> [Int32] {
    var own = CounterRandom(
      seed: UInt64(cell.seed + 1), purpose: .synthesis, epoch: UInt32(cell.macs % 65536),
      sample: UInt32(cell.params % 65536))
    return labels.enumerated().map { image, label in
      var shared = CounterRandom(seed: 0, purpose: .synthesis, sample: UInt32(image))
      let hardness = 0.85 * shared.uniform() + 0.15 * own.uniform()
      let wrong = (label + 1 + Int32(own.below(9))) % 10
      return hardness < accuracy ? label : wrong
    }
  }
}
