import ArgumentParser
import Common
import DataSets
import Foundation
import Reporting

struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decode every image of a data set and list problems.",
    discussion: """
      Lists the number of images per class, broken files, files whose extension does not match their format, identical \
      images in several splits or classes, and files that are skipped. The exit code is 65 if files are broken or \
      the splits have different classes, otherwise 0.

      --list writes the files to leave out: broken ones, images that a later split has too, and \
      all copies of images that are in several classes. Check the file and name it as dataset.exclude in the experiment.

      Examples:
        sweep data check data/animals-10
        sweep data check data/animals-10 --list experiments/animals10-exclude.txt
        sweep data check data/animals-10 --test test
      """)

  @OptionGroup var data: DataSetOptions

  @Option(
    help: ArgumentHelp("Write the files to leave out to this new file.", valueName: "path"),
    completion: .file())
  var list: String?

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    if let list, access(list, F_OK) == 0 {
      throw SweepError(
        .badInput, at: list, "the file exists", advice: "remove it or write to another one")
    }
    let exclusions = try data.exclusions()
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: data.root, train: data.train, val: data.val, test: data.test, excluding: exclusions,
        threads: data.threads.count, progress: progress)
    }
    if json { try Output.write(check.json) } else { try Output.write(check.text) }
    if let list {
      try AtomicFile.write(Data(check.listText.utf8), to: list)
      let count = Format.count(check.exclusions.count, "file")
      Output.note("\(list): \(count) to leave out, for dataset.exclude in an experiment\n")
    }
    // The list takes care of broken files.
    if let verdict = list == nil ? check.verdict : check.difference { throw verdict }
    guard !json else { return }
    if let list { return Next.note(Next("data", "stats", data.root, "--exclude", list)) }
    Next.note(Next("data", "stats", data.root), Next("init", data.root))
  }
}
