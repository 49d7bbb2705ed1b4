import ArgumentParser
import Common
import Results

struct NoteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "note",
    abstract: "Attach a note to an experiment or a cell.",
    discussion: """
      `sweep ls` and `sweep show` print notes.

      Examples:
        sweep note animals10 "baseline, before the new augmentation"
        sweep note mobilenet_v2-w0.5-r96-s0 "suspicious: check the labels"
        sweep note animals10 --remove
      """)

  @Argument(
    help: "An experiment or a cell.", completion: Completions.subjects)
  var subject: String

  @Argument(help: "The note; it replaces an earlier one.")
  var text: String?

  @Flag(help: "Remove the note.")
  var remove = false

  @OptionGroup var stored: StoreOptions

  func validate() throws {
    if (text == nil) != remove { throw ValidationError("give a note or --remove") }
  }

  func run() throws {
    let store = try Store.edit(stored.store)
    if stored.experiment == nil, try store.experiment(named: subject) != nil {
      try store.setNote(text, experiment: subject)
      return Next.note(Next("ls", in: store))
    }
    let experiment = try stored.chosen(in: store)
    let cell = try store.cell(named: subject, of: experiment).description.id
    try store.setNote(text, experiment: experiment, cell: cell)
    Next.note(Next("show", cell, in: store, experiment: experiment))
  }
}
