import ArgumentParser
import Common
import DataSets
import Reporting

/// `sweep data check`: whether a data set can be trained on.
struct DataCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Decode every image of a data set and list what is wrong with it.",
    discussion: """
      Lists how many images each class has, broken files, files whose extension is not their format's, images that are \
      in both splits, and what is passed over. Ends with 65 where files are broken or the splits' classes differ, else \
      with 0.

      Examples:
        sweep data check data/animals-10
        sweep data check data/animals-10 --val test
      """)

  @OptionGroup var data: DataSetOptions

  func run() throws {
    let check = try DataMeter.watch { progress throws(SweepError) in
      try DataSetCheck(
        root: data.root, train: data.train, val: data.val, threads: data.threads,
        progress: progress)
    }
    try Output.write(check.text)
    if let verdict = check.verdict { throw verdict }
  }
}
