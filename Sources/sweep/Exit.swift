import ArgumentParser
import CProcessor
import Common
import Foundation

extension Sweep {
  /// Runs the command; an error for the user becomes one line on standard error and its exit code.
  static func main() {
    // Beyond a limit on file sizes a write fails as on a full disk, instead of ending the program.
    signal(SIGXFSZ, SIG_IGN)
    // A reader that went away ends what is written for it (`Output.write`), and not a training run
    // whose progress nobody reads any more.
    signal(SIGPIPE, SIG_IGN)
    do {
      try checkProcessor()
      var command = try parseAsRoot()
      try command.run()
    } catch let error as SweepError {
      Output.note("sweep: \(error)\n")
      Foundation.exit(error.code.rawValue)
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
