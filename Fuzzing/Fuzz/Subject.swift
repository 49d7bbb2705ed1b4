import CPUEngine
import Common
import Foundation
import Images
import Reporting
import Results
import Weights

@testable import Study

/// What reads bytes that a stranger may have made.
enum Subject: String, CaseIterable {
  case png, jpeg, webp, safetensors, checkpoint, experiment, store, network

  /// The one that the variable `FUZZ` names.
  static let current = ProcessInfo.processInfo.environment["FUZZ"].flatMap(Subject.init)

  /// Reads the bytes: anything but success or a `SweepError` is a find.
  func run(_ data: Data) {
    switch self {
    case .png, .jpeg, .webp:
      let format: ImageFormat = self == .png ? .png : self == .jpeg ? .jpeg : .webp
      guard ImageFormat(of: data) == format, !HeaderSize(data).isSlow else { return }
      guard let image = try? Image(decoding: Array(data), path: "f") else { return }
      precondition(image.pixels.count == 3 * image.width * image.height)
    case .safetensors:
      guard let contents = try? Safetensors.decode(data, source: "f") else { return }
      let bytes = Safetensors.encode(contents)
      precondition((try? Safetensors.decode(bytes, source: "f")).map(Safetensors.encode) == bytes)
    case .checkpoint:
      guard let file = try? Safetensors.decode(data, source: "f"),
        let checkpoint = try? Checkpoint(file, path: "f")
      else { return }
      let bytes = Safetensors.encode(checkpoint.contents)
      let back = try? Checkpoint(Safetensors.decode(bytes, source: "f"), path: "f")
      precondition((back?.contents).map(Safetensors.encode) == bytes)
    case .experiment:
      guard let experiment = try? Experiment(bytes: Array(data), file: "f.json") else { return }
      precondition(!experiment.cells.isEmpty)
      if experiment.cells.count < 10 {
        _ = try? Plan(experiment, data: nil, engine: CPUEngine(threads: 1)).json.text
      }
    case .network: NetworkStep.run(data)
    case .store:
      guard let store = try? StoreImage.open(data), let experiments = try? store.experiments()
      else { return }
      for experiment in experiments.prefix(3) {
        for cell in (try? store.cells(of: experiment.name)) ?? [] {
          _ = cell.description.recipe.settings
        }
        _ = try? store.files(of: experiment.name)
        _ = try? store.results(of: experiment.name)
        _ = try? store.history(of: experiment.name)
        _ = try? store.predictions(of: experiment.name) { $0 }
        _ = try? store.sweeps(of: experiment.name)
      }
    }
  }
}
