import ArgumentParser
import CProcessor
import Common
import Foundation

extension Sweep {
  /// Runs the command; an error for the user becomes one line on standard error and its exit code.
  static func main() {
    // A write beyond the limit on file sizes fails instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    // A reader that went away must not end a training run; `Output.write` handles it.
    signal(SIGPIPE, SIG_IGN)
    do {
      try checkProcessor()
      var command = try parseAsRoot()
      try command.run()
    } catch let error as SweepError {
      Output.note("sweep: \(error)\n")
      Foundation.exit(error.kind.exitCode)
    } catch {
      exit(withError: error)
    }
  }

  /// Refuses a processor that lacks what the kernels were compiled for, before one of them runs.
  private static func checkProcessor() throws(SweepError) {
    guard let feature = processor_missing_feature() else { return }
    throw SweepError(
      .runFailed, "this processor has no \(String(cString: feature)), which this sweep needs",
      advice: "build it here, or for an older processor: SWEEP_MARCH=x86-64-v3 make build")
  }
}

extension SweepError.Kind {
  /// The exit code that each kind of failure ends the program with.
  var exitCode: Int32 {
    switch self {
    case .fileSystem, .resources, .store, .runFailed: 1
    case .usage: 64
    case .badInput: 65
    case .interrupted: 130
    }
  }
}
