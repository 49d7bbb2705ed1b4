import ArgumentParser
import Common
import Foundation

extension Sweep {
  /// Runs the command; an error for the user becomes one line on standard error and its exit code.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch let error as SweepError {
      Output.note("sweep: \(error)\n")
      Foundation.exit(error.code.rawValue)
    } catch {
      exit(withError: error)
    }
  }
}
