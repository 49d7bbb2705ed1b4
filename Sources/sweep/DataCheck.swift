import ArgumentParser
import Common
import DataSets
import Reporting

struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decode every image of a data set and list problems.",
    discussion: """
      Lists the number of images per class, broken files, files whose extension does not match their format, identical \
      images in both splits or in several classes, and files that are skipped. The exit code is 65 if files are broken or \
      the splits have different classes, otherwise 0.

      Examples:
        sweep data check data/animals-10
        sweep data check data/animals-10 --val test
      """)

  @OptionGroup var data: DataSetOptions

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: data.root, train: data.train, val: data.val, threads: data.threads.count,
        progress: progress)
    }
    if json { try Output.write(check.json) } else { try Output.write(check.text) }
    if let verdict = check.verdict { throw verdict }
    if !json { Next.note(Next("data", "stats", data.root), Next("init", data.root)) }
  }
}
