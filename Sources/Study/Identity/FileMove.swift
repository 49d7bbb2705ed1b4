import Foundation
import Weights

/// A file of an experiment's folder that gets another name.
struct FileMove: Sendable {
  /// The name so far, below the folder: `final/mobilenet_v1-w1.0-r96-s0.safetensors`.
  let old: String
  /// The name from now on.
  let new: String
  /// The id that the label in the file gets; nil for a file that is other cells' too.
  let cell: String?

  /// The file's bytes, weights or a checkpoint, labelled as the other cell's; damaged ones as they
  /// are.
  func relabelled(_ data: Data) -> Data {
    guard let cell, var file = try? Safetensors.decode(data, source: "") else { return data }
    guard file.metadata[Checkpoint.checksumKey] != nil else {
      file.metadata["cell"] = cell
      return Safetensors.encode(file)
    }
    guard var checkpoint = try? Checkpoint(data, path: "", identity: [:]) else { return data }
    checkpoint.identity = Checkpoint.identity(in: file.metadata)
    checkpoint.identity["cell"] = cell
    return checkpoint.encode()
  }
}

extension AxisChange.Renaming {
  /// What the cell's files are called from now on.
  var moves: [FileMove] {
    let (old, new) = (record.description.id, cell.id)
    var moves = [
      FileMove(old: "final/\(old).safetensors", new: "final/\(new).safetensors", cell: new)
    ]
    for end in ["", ".previous", ".next"] {
      moves.append(
        FileMove(
          old: "checkpoints/\(old).safetensors\(end)",
          new: "checkpoints/\(new).safetensors\(end)", cell: new))
    }
    let hadRounding = record.description.axes.contains { $0.name == "channels" }
    let weights = cell.initialWeightsName(naming: hadRounding)
    if weights != cell.initialWeightsName {
      moves.append(
        FileMove(
          old: "initial/\(weights).safetensors",
          new: "initial/\(cell.initialWeightsName).safetensors", cell: nil))
    }
    return moves
  }
}
