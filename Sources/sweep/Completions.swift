import ArgumentParser
import Common
import Networks
import Results
import Study

/// Shell completions.
///
/// `words` are those of the command line, `prefix` is the start of the word.
enum Completions {
  static let models = CompletionKind.custom { _, _, _ in Architecture.names }
  static let widths = CompletionKind.list(["0.25", "0.35", "0.5", "0.75", "1.0", "1.4"])
  static let resolutions = CompletionKind.list(["96", "128", "160", "192", "224"])
  static let experiments = CompletionKind.custom { words, _, _ in experiments(words) }
  static let cells = CompletionKind.custom { words, _, _ in cells(words) }
  static let subjects = CompletionKind.custom { words, _, _ in experiments(words) + cells(words) }
  static let clauses = CompletionKind.custom { words, _, prefix in clauses(words, prefix) }
  static let recordedCells = CompletionKind.custom { words, _, _ in
    words.lazy.compactMap { try? ResultRecord(folder: $0) }.first?.cells.map(\.id) ?? []
  }

  private static func experiments(_ words: [String]) -> [String] {
    (try? store(words)?.experiments().map(\.name)) ?? []
  }

  /// The cells of the experiment that is meant, and the names for cells.
  private static func cells(_ words: [String]) -> [String] {
    guard let store = store(words),
      let experiment = try? store.chooseExperiment(value(of: "--experiment", in: words)),
      let cells = try? store.cells(of: experiment).map(\.description)
    else { return [] }
    var models: [String] = []
    for cell in cells where !models.contains(cell.model) { models.append(cell.model) }
    // In zsh a description follows a colon.
    let colon = CompletionShell.requesting == .zsh ? "\\:" : ":"
    return ["best", "last"] + models.map { "best\(colon)\($0)" } + cells.map(\.id)
  }

  /// Continues `axis=value,…` with the axes and values of the grid.
  private static func clauses(_ words: [String], _ prefix: String) -> [String] {
    let files = words.filter { $0.hasSuffix(".json") }
    guard let grid = files.lazy.compactMap({ try? Experiment(contentsOf: $0) }).first?.grid else {
      return []
    }
    let start = prefix.lastIndex(of: ",").map { prefix[...$0] } ?? ""
    let clause = prefix.dropFirst(start.count)
    guard let sign = clause.firstIndex(of: "=") else {
      return grid.axes.map { "\(start)\($0.name)=" }
    }
    let axis = grid.axes.first { $0.name == clause[..<sign] }
    return axis?.entries.map { "\(start)\(clause[...sign])\($0.label ?? "\($0.value)")" } ?? []
  }

  private static func store(_ words: [String]) -> Store? {
    try? Store.read(value(of: "--store", in: words) ?? Store.defaultPath)
  }

  private static func value(of option: String, in words: [String]) -> String? {
    words.firstIndex(of: option).flatMap { words.dropFirst($0 + 1).first }
  }

  /// The script for a shell.
  ///
  /// Bash splits words at `=` and `:`; ours are put together again. Zsh puts a space after the only
  /// completion; none follows `=`.
  static func script(for shell: CompletionShell) -> String {
    let script = Sweep.completionScript(for: shell)
    switch shell {
    case .bash:
      return script.replacing(" -F _sweep sweep", with: " -F _sweep_whole_words sweep") + bash
    case .zsh:
      return script.replacing(
        "    _describe -V '' non_empty_completions --",
        with: #"""
              local -a suffix=()
              [[ "${1}" = *= ]] && suffix=(-S '')
              _describe -V '' non_empty_completions "${suffix[@]}" --
          """#)
    default: return script
    }
  }

  private static let bash = #"""

    _sweep_whole_words() {
        local -a words=()
        local -i index current=0
        local word
        for index in "${!COMP_WORDS[@]}"; do
            word="${COMP_WORDS[${index}]}"
            if [[ "${index}" -gt 1 && ( "${word}" = [=:]* || "${words[-1]}" = *[=:] ) ]]; then
                words[-1]+="${word}"
            else
                words+=("${word}")
            fi
            [[ "${index}" -eq "${COMP_CWORD}" ]] && current="$((${#words[@]} - 1))"
        done
        local -r split="${2}"
        COMP_WORDS=("${words[@]}")
        COMP_CWORD="${current}"
        local -r whole="${words[${current}]}"
        _sweep "${1}" "${whole}" "${words[${current} - 1]}"
        local -r head="${whole%"${split}"}"
        COMPREPLY=("${COMPREPLY[@]#"${head}"}")
        [[ "${COMPREPLY[0]}" = *= ]] && compopt -o nospace +o filenames
    }

    """#
}
