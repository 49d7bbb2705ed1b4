import ArgumentParser
import Common
import DataSets
import Reporting

struct DataImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract:
      "Create a data set from Animals-10's raw-img folder or zip, or from any folder of class folders.",
    discussion: """
      A fraction of each class becomes the validation split. Files are copied unchanged. Animals-10's Italian folder names \
      are translated to English. A zip file needs the program unzip.

      Examples:
        sweep data import ~/Downloads/archive.zip data/animals-10
        sweep data import ~/Downloads/raw-img data/animals-10 --seed 1
      """)

  @Argument(help: "The folder or zip to read.", completion: .file())
  var source: String
  @Argument(help: "The folder to create; it must not exist yet.", completion: .directory)
  var root: String
  @Option(help: "The fraction of each class used for validation.")
  var valFraction = 0.2
  @Option(help: "The fraction of each class used for a test split.")
  var testFraction = 0.0
  @Option(help: "The seed of the random choice of validation images.")
  var seed: UInt64 = 0
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let order = try DataSetImport(
      source: source, valFraction: valFraction, testFraction: testFraction, seed: seed)
    let outcome = try DataMeter.watch { progress throws(SweepError) in
      try order.run(to: root, progress: progress)
    }
    if json { return try Output.write(outcome.json(root: root)) }
    try Output.write(outcome.text)
    for remark in outcome.remarks { Output.note("\(remark)\n") }
    Output.note("created \(root)\n")
    Next.note(Next("data", "check", root), Next("init", root))
  }
}
