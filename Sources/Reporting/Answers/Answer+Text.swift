import Common

extension Answer {
  /// The answers in a line each, for a terminal; longer ones than `columns` are broken at spaces and
  /// go on below their beginning.
  public static func text(_ answers: [Answer], paint: Paint, columns: Int = .max) -> String {
    let width = answers.map(\.verdict.rawValue.count).max() ?? 0
    let indent = String(repeating: " ", count: width + 2)
    return answers.map { answer in
      let word = answer.verdict.rawValue
      let style: Paint.Style =
        switch answer.verdict {
        case .holds: .green
        case .doesNotHold: .red
        case .notEnoughData: .yellow
        }
      let padding = String(repeating: " ", count: width - word.count)
      let text = lines("\(answer.claim): \(answer.summary)", columns: columns - indent.count)
      return "\(paint(word, style))\(padding)  \(text.joined(separator: "\n" + indent))\n"
    }.joined()
  }

  /// The text in lines of at most `columns` characters; a longer word has a line of its own.
  private static func lines(_ text: String, columns: Int) -> [String] {
    var lines: [String] = []
    for word in text.split(separator: " ") {
      if let last = lines.last, last.count + 1 + word.count <= columns {
        lines[lines.count - 1] = "\(last) \(word)"
      } else {
        lines.append(String(word))
      }
    }
    return lines
  }
}
