import ArgumentParser
import CProcessor
import Common
import Foundation

extension Sweep {
  static func main() {
    // Make writes beyond the file-size limit fail instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    // A closed pipe must not end a training run; `Output.write` handles it.
    signal(SIGPIPE, SIG_IGN)
    do {
      try checkProcessor()
      let arguments = Array(CommandLine.arguments.dropFirst())
      try checkEmpty(arguments)
      try checkCommandName(arguments)
      try checkThreads()
      if try printCompletions(arguments) { return }
      var command = try parseAsRoot()
      try command.run()
    } catch let error as SweepError {
      for error in [error] + error.others { Output.note("sweep: \(error.line)\n") }
      Foundation.exit(error.kind.exitCode)
    } catch {
      exit(withError: error)
    }
  }

  /// Checks the processor's features before any kernel runs.
  private static func checkProcessor() throws(SweepError) {
    guard let feature = processor_missing_feature() else { return }
    throw SweepError(
      .runFailed, "this processor has no \(String(cString: feature)), which this sweep needs",
      advice: "build it for an older processor: SWEEP_MARCH=x86-64-v2 make build")
  }
}

extension Sweep {
  /// Prints a completion script if the arguments ask for one of a known shell.
  private static func printCompletions(_ arguments: [String]) throws(SweepError) -> Bool {
    guard arguments.count == 2, arguments[0] == "--generate-completion-script",
      let shell = CompletionShell(rawValue: arguments[1])
    else { return false }
    try Output.write(Completions.script(for: shell))
    return true
  }

  /// Throws for an empty argument: as a path it would mean this folder or the root.
  static func checkEmpty(_ arguments: [String]) throws(SweepError) {
    for (index, argument) in arguments.prefix(while: { $0 != "--" }).enumerated() {
      let isAssignment = argument.hasPrefix("--") && argument.hasSuffix("=")
      guard argument.isEmpty || isAssignment else { continue }
      let option =
        isAssignment
        ? String(argument.dropLast()) : arguments[..<index].last { $0.hasPrefix("-") } ?? ""
      throw SweepError(
        .usage, at: option, "an argument is empty",
        advice: "check whether a shell variable is unset")
    }
  }

  /// Throws if the process cannot start a second thread: libraries would wait for one forever.
  private static func checkThreads() throws(SweepError) {
    let failure = Threads.start {}
    if failure != 0 { throw .system(failure, at: "", "cannot start a thread") }
  }

  /// Throws for an unknown command and suggests the nearest one; `parent` is the command before
  /// `arguments`.
  static func checkCommandName(
    _ arguments: [String], of command: any ParsableCommand.Type = Sweep.self,
    parent: String = "sweep"
  ) throws(SweepError) {
    let subcommands = command.configuration.subcommands
    guard let name = arguments.first, !name.hasPrefix("-"), !subcommands.isEmpty else { return }
    if name == "help" {
      return try checkCommandName(Array(arguments.dropFirst()), of: command, parent: parent)
    }
    var names: [String] = []
    for subcommand in subcommands {
      let other = subcommand.configuration.commandName ?? ""
      if other == name {
        return try checkCommandName(
          Array(arguments.dropFirst()), of: subcommand, parent: "\(parent) \(name)")
      }
      if subcommand.configuration.shouldDisplay { names.append(other) }
    }
    throw SweepError(
      .usage, at: name, "is not a command of `\(parent)`",
      advice: Spelling.advice(for: name, among: names))
  }
}

extension SweepError.Kind {
  var exitCode: Int32 {
    switch self {
    case .fileSystem, .resources, .store, .runFailed: 1
    case .usage: 64
    case .badInput: 65
    case .interrupted: 130
    }
  }
}
