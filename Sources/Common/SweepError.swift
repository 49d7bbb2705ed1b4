/// An error for the person who caused it: what is wrong, where, and what to do.
///
/// It prints as one line: `LOCATION: message; advice`.
public struct SweepError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What kind of failure it is; the raw value is the command's exit code.
  public enum Code: Int32, Sendable {
    /// A run failed although the input was good.
    case runFailed = 1
    /// The command line is wrong.
    case usage = 64
    /// The experiment file, the data or the store is bad.
    case badInput = 65
    /// The user interrupted the work.
    case interrupted = 130
  }

  /// What kind of failure it is.
  public let code: Code
  /// Where: a file, a JSON path with its line, an image's path; empty where there is no place to
  /// name.
  public let location: String
  /// What is wrong, in one clause.
  public let message: String
  /// What to do about it; empty where the message says it.
  public let advice: String

  /// An error of kind `code` at `location`.
  public init(_ code: Code, at location: String = "", _ message: String, advice: String = "") {
    self.code = code
    self.location = location
    self.message = message
    self.advice = advice
  }

  /// The error as one line.
  public var description: String {
    (location.isEmpty ? "" : location + ": ") + message + (advice.isEmpty ? "" : "; " + advice)
  }
}
