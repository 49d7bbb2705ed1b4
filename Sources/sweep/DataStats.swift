import ArgumentParser
import Common
import DataSets
import Images
import Reporting

struct DataStats: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "stats",
    abstract: "Measure the mean and standard deviation of the training images' channels.",
    discussion: """
      Values are fractions of 255, measured at the images' own sizes. Two conventions are in use: the mean and standard \
      deviation of each image, averaged over the images, and those of all pixels together. An experiment file can use \
      either as mean and std; the first gives the smaller standard deviation.

      Examples:
        sweep data stats data/animals-10
        sweep data stats data/animals-10 --json
      """)

  @OptionGroup var data: DataSetOptions
  @Flag(help: "Print JSON instead of a table.")
  var json = false

  func run() throws {
    let exclusions = try data.exclusions()
    let statistics = try DataMeter.watch { progress throws(SweepError) in
      try ChannelStatistics(
        of: ImageFolder(root: data.root, split: data.train, excluding: exclusions),
        threads: data.threads.count,
        progress: progress)
    }
    if json { return try Output.write(statistics.json) }
    try Output.write(statistics.text)
    Next.note(Next("init", data.root))
  }
}
