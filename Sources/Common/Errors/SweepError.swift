/// An error for the user: what is wrong, where, what to do, and the cause.
///
/// It prints as `LOCATION: message; advice` on one line.
package struct SweepError: Error, Sendable, Equatable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// The command line is wrong.
    case usage
    /// The experiment file, the data, the store or a given path is bad.
    case badInput
    /// The file system failed: a full disk, an I/O error, too many open files.
    case fileSystem
    /// The system refused memory or a thread.
    case resources
    /// The store is sound but cannot be used now.
    case store
    /// A run failed although the input was good.
    case runFailed
    case interrupted
  }

  /// What the system or a library reported.
  package enum Cause: Sendable, Equatable {
    /// An `errno` value.
    case system(Int32)
    /// An extended result code of SQLite.
    case sqlite(Int32)
    /// A value of a JSON file, with its path from the root.
    case value(file: String, path: String)
  }

  package let kind: Kind
  /// A file, a JSON path with its line, or an image's path; may be empty.
  package let location: String
  package let message: String
  /// What to do; empty if the message says it.
  package let advice: String
  package let cause: Cause?
  /// Further mistakes in the same input.
  package var others: [SweepError] = []

  package init(
    _ kind: Kind, at location: String = "", _ message: String, advice: String = "",
    cause: Cause? = nil
  ) {
    self.kind = kind
    self.location = location
    self.message = message
    self.advice = advice
    self.cause = cause
  }

  /// The error on one line, and one line per further mistake.
  package var description: String { ([line] + others.map(\.line)).joined(separator: "\n") }

  package var line: String {
    (location.isEmpty ? "" : location + ": ") + message + (advice.isEmpty ? "" : "; " + advice)
  }

  /// The same error with some parts replaced; kind and cause stay.
  package func with(
    location: String? = nil, message: String? = nil, advice: String? = nil
  ) -> SweepError {
    SweepError(
      kind, at: location ?? self.location, message ?? self.message, advice: advice ?? self.advice,
      cause: cause)
  }
}
