import Common
import Foundation

/// The two standard streams, written without buffers of ours so that nothing is lost at an exit.
enum Output {
  /// Whether colours belong on standard output: a terminal that can, and a user who has not set
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
    let failure = put(text, to: STDOUT_FILENO)
    if failure == EPIPE { Foundation.exit(0) }
    if failure != 0 {
      throw SweepError(
        .runFailed, at: "standard output", "cannot write: \(String(cString: strerror(failure)))")
    }
  }

  /// Writes a remark to standard error; there is nobody to tell if that fails.
  static func note(_ text: String) {
    _ = put(text, to: STDERR_FILENO)
  }

  /// Writes all bytes; 0, or the system's error number.
  private static func put(_ text: String, to descriptor: Int32) -> Int32 {
    var text = text
    return text.withUTF8 { bytes in
      var written = 0
      while written < bytes.count {
        let count = Foundation.write(
          descriptor, bytes.baseAddress?.advanced(by: written), bytes.count - written)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        written += count
      }
      return 0
    }
  }
}
