import Common
import Foundation

/// The standard streams, unbuffered so that nothing is lost on exit.
enum Output {
  /// Whether to color standard output: it is a capable terminal and NO_COLOR is not set.
  static var hasColor: Bool {
    let environment = ProcessInfo.processInfo.environment
    return isatty(STDOUT_FILENO) == 1 && environment["NO_COLOR", default: ""].isEmpty
      && environment["TERM"] != "dumb"
  }

  /// The table width for standard output: the terminal's, else `COLUMNS`, else the default.
  static func columns(default columns: Int = 120) -> Int {
    var size = winsize()
    if ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0 && size.ws_col > 0 {
      return Int(size.ws_col)
    }
    return ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) } ?? columns
  }

  /// Writes to standard output.
  ///
  /// A closed pipe (`| head`) ends the program quietly; a full disk is an error.
  static func write(_ text: String) throws(SweepError) {
    let failure = FileContents.put(Array(text.utf8), to: STDOUT_FILENO)
    if failure == EPIPE { Foundation.exit(0) }
    if failure != 0 { throw .system(failure, at: "standard output", "cannot write") }
  }

  /// Writes a listing for scripts to standard output.
  static func write(_ json: JSON) throws(SweepError) { try write(json.lines + "\n") }

  /// Writes to standard error and ignores failures.
  static func note(_ text: String) {
    _ = FileContents.put(Array(text.utf8), to: STDERR_FILENO)
  }
}
