import ArgumentParser
import Common
import Results
import Study

struct RenameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rename",
    abstract: "Rename an experiment.",
    discussion: """
      Figures and weights stay as they are. Change "name" in the experiment's file too: `sweep run` would otherwise begin a \
      new experiment under the old name.

      Examples:
        sweep rename photos photos-first-try
      """)

  @Argument(help: "The experiment.", completion: Completions.experiments)
  var experiment: String

  @Argument(help: "The new name.")
  var name: String

  @Option(help: ArgumentHelp("The store.", valueName: "path"))
  var store = Store.defaultPath

  func run() throws {
    let store = try Store.edit(store)
    let experiment = try store.chooseExperiment(experiment)
    guard ResultFolder.isName(name), !ResultFolder.isReserved(name) else {
      throw SweepError(
        .usage, at: name, "this is not a valid experiment name",
        advice: "use letters, digits, '.', '_' and '-', at most 100, a letter or digit first")
    }
    try store.rename(experiment, to: name)
    Output.note("write \"name\": \"\(name)\" in the experiment's file too\n")
    Next.note(Next("report", in: store, experiment: name))
  }
}
