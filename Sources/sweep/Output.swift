import Common
import Foundation

/// The two standard streams, written without buffers of ours so that nothing is lost at an exit.
enum Output {
  /// Whether colors belong on standard output: a terminal that can, and a user who has not set
  /// NO_COLOR.
  static var hasColor: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM"] != "dumb"
  }

  /// How many columns a table on standard output may take: the terminal's, else `COLUMNS`, else
  /// those given.
  static func columns(default columns: Int = 120) -> Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? columns
  }

  /// Writes results to standard output.
  ///
  /// A reader that went away (`| head`) ends the program quietly; a full disk is an error.
  static func write(_ text: String) throws(SweepError) {
    let failure = FileContents.put(Array(text.utf8), to: STDOUT_FILENO)
    if failure == EPIPE { Foundation.exit(0) }
    if failure != 0 { throw .system(failure, at: "standard output", "cannot write") }
  }

  /// Writes a remark to standard error; a failure to do so is ignored.
  static func note(_ text: String) {
    _ = FileContents.put(Array(text.utf8), to: STDERR_FILENO)
  }
}
