import Common
import Foundation

/// Copies the weights that lie beside one store to those beside another.
public struct ResultFolderMerge {
  private let source: ResultFolder
  private let target: ResultFolder
  /// The files that the target lacks, below both folders.
  private let missing: [String]

  /// Looks for the files of an experiment that are missing beside `target`; nothing is written yet.
  ///
  /// Throws where final or initial weights are there with other content.
  public init(experiment: String, from source: String, to target: String) throws(SweepError) {
    self.source = ResultFolder(store: source, experiment: experiment)
    self.target = ResultFolder(store: target, experiment: experiment)
    var missing: [String] = []
    for folder in ["initial", "final", "checkpoints"] {
      let names =
        (try? FileManager.default.contentsOfDirectory(atPath: "\(self.source.path)/\(folder)"))
        ?? []
      for name in names.sorted() where name.hasSuffix(".safetensors") {
        let (old, new) = (
          "\(self.target.path)/\(folder)/\(name)", "\(self.source.path)/\(folder)/\(name)"
        )
        if !FileManager.default.fileExists(atPath: old) {
          missing.append("\(folder)/\(name)")
        } else if folder != "checkpoints",
          !FileManager.default.contentsEqual(atPath: old, andPath: new)
        {
          throw SweepError(
            .badInput, at: new, "other weights than in \(old)",
            advice: "keep one of them: both cannot come from the same recipe, images and processor")
        }
      }
    }
    self.missing = missing
  }

  /// Copies them, each whole or not at all; gives how many there were.
  public func copy(files: any ResultFiles = DiskFiles()) throws(SweepError) -> Int {
    if !missing.isEmpty { try target.create() }
    for name in missing {
      try files.write(try files.read("\(source.path)/\(name)"), to: "\(target.path)/\(name)")
    }
    return missing.count
  }
}
