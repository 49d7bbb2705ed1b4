import Common
import Results

/// A command that a user may type next; it is quoted for the shell.
struct Next {
  let line: String

  /// The store is named if it is not the default one, the experiment if the store has others.
  init(_ words: String..., in store: Store? = nil, experiment: String? = nil) {
    let isOnly = (try? store?.experiments().count) == 1
    self.init(words, store: store?.path, experiment: isOnly ? nil : experiment)
  }

  init(_ words: [String], store: String? = nil, experiment: String? = nil) {
    var words = ["sweep"] + words
    if let experiment { words += ["--experiment", experiment] }
    if let store, store != Store.defaultPath { words += ["--store", store] }
    line = words.map(Self.quoted).joined(separator: " ")
  }

  private init(line: String) { self.line = line }

  /// A command of another program.
  static func other(_ words: String...) -> Next {
    Next(line: words.map(quoted).joined(separator: " "))
  }

  /// The commands, one per line: `next: sweep run photos.json`; empty if there are none.
  static func text(_ commands: [Next]) -> String {
    commands.enumerated().map { ($0 == 0 ? "next: " : "      ") + $1.line + "\n" }.joined()
  }

  /// Prints commands on standard error.
  static func note(_ commands: Next...) { Output.note(text(commands)) }

  /// A word as a POSIX shell, zsh and fish read it.
  static func quoted(_ word: String) -> String {
    let isPlain = word.wholeMatch(of: /[A-Za-z0-9_.,\/:=+@%~-]+/) != nil && !word.hasPrefix("~")
    return isPlain ? word : "'" + word.replacing("'", with: #"'\''"#) + "'"
  }
}
