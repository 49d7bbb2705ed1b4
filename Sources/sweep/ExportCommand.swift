import ArgumentParser
import Common
import Export
import Foundation
import Reporting
import Results
import Study

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write an experiment's results, or a trained network, for other programs.",
    discussion: """
      --tensorboard: one folder per cell with event files for TensorBoard: scalars by epoch, the grid as hyperparameters. \
      --safetensors: the final weights of all cells under PyTorch's names. \
      --onnx: one cell's trained network, for ONNX Runtime. Its input `images` is [N, 3, resolution, resolution], scaled \
      to [0, 1] and normalized, its output `logits` is [N, classes]; the file's metadata has the classes, the mean and \
      the standard deviation. \
      --record: text files with all figures, and digests of the images and of all weights, which `sweep verify` checks.

      Examples:
        sweep export --tensorboard runs && tensorboard --logdir runs
        sweep export --experiment animals10 --safetensors weights
        sweep export --onnx mobilenet_v2-w1.0-r224-s0 -o animals.onnx
      """)

  @OptionGroup var stored: StoreOptions

  @Option(
    help: ArgumentHelp("Write event files to this folder.", valueName: "folder"),
    completion: .directory)
  var tensorboard: String?

  @Option(
    help: ArgumentHelp("Copy the final weights to this folder.", valueName: "folder"),
    completion: .directory)
  var safetensors: String?

  @Option(
    help: ArgumentHelp(
      "Write a record of the results to this folder, for `sweep verify`.", valueName: "folder"),
    completion: .directory)
  var record: String?

  @Option(
    help: ArgumentHelp("Write the trained network of this cell.", valueName: "cell"),
    completion: Completions.cells)
  var onnx: String?

  @Option(
    name: [.short, .long],
    help: ArgumentHelp("The file for --onnx; default: CELL.onnx.", valueName: "file"),
    completion: .file(extensions: ["onnx"]))
  var output: String?

  func validate() throws {
    if tensorboard == nil && safetensors == nil && record == nil && onnx == nil {
      throw ValidationError(
        "choose an output: --tensorboard FOLDER, --safetensors FOLDER, --record FOLDER or --onnx CELL"
      )
    }
    if output != nil && onnx == nil { throw ValidationError("--output requires --onnx") }
  }

  func run() throws {
    let store = try Store.read(stored.store)
    if let onnx {
      let file = output ?? "\(onnx).onnx"
      try Self.refuseFolder(file)
      try AtomicFile.write(
        ONNXModel(TrainedCell.open(onnx, of: stored.experiment, in: store)).data, to: file)
      try Output.write("wrote \(onnx) to \(file)\n")
    }
    if let folder = record {
      let record = try ResultRecord(of: stored.experiment, in: store)
      try record.write(to: folder)
      try Output.write("wrote \(Format.count(record.cells.count, "cell")) to \(folder)\n")
      Next.note(Next(["verify", folder, "--store", store.path]))
    }
    guard tensorboard != nil || safetensors != nil else { return }
    let evidence = try Evidence(of: stored.experiment, in: store)
    if let tensorboard {
      let count = try TensorBoardExport(evidence).write(to: tensorboard)
      try Output.write("wrote \(Format.count(count, "cell")) to \(tensorboard)\n")
      Next.note(.other("tensorboard", "--logdir", tensorboard))
    }
    if let safetensors {
      let weights = FinalWeights(of: evidence.experiment, in: store)
      let count = try copyWeights(evidence, from: weights, to: safetensors)
      try Output.write("wrote \(Format.count(count, "cell")) to \(safetensors)\n")
    }
  }

  /// Copies the weights of completed cells; throws if a file is not the recorded one.
  private func copyWeights(
    _ evidence: Evidence, from source: FinalWeights, to target: String
  ) throws(SweepError) -> Int {
    try Folder.create(target)
    let done = evidence.report.rows.filter { $0.status == .done }
    for row in done {
      try AtomicFile.write(
        try source.data(of: row.cell), to: "\(target)/\(row.cell.id).safetensors")
    }
    return done.count
  }

  /// Writing would replace a link to a folder with the file.
  private static func refuseFolder(_ file: String) throws(SweepError) {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: file, isDirectory: &isFolder), isFolder.boolValue {
      throw SweepError(
        .usage, at: "--output \(file)", "is a folder", advice: "name the file to write")
    }
  }
}

extension ONNXModel {
  /// A trained network with its metadata.
  fileprivate init(_ trained: TrainedCell) throws(SweepError) {
    let recipe = trained.cell.recipe
    try self.init(
      trained.network, weights: trained.weights, source: trained.weightsFile,
      resolution: trained.cell.resolution,
      metadata: [
        "experiment": trained.experiment,
        "cell": trained.cell.id,
        "classes": JSON.array(trained.classes.map(JSON.string)).text,
        "resolution": "\(trained.cell.resolution)",
        "mean": JSON.array(recipe.mean.map(JSON.number)).text,
        "std": JSON.array(recipe.std.map(JSON.number)).text,
        "val_transform": recipe.valTransformText,
      ])
  }
}
