import Common

extension Answer {
  /// The answers for a terminal: each claim with its verdict, below it the deciding figures.
  ///
  /// Lines longer than `columns` are broken at spaces.
  package static func text(_ answers: [Answer], paint: Paint, columns: Int = .max) -> String {
    answers.map { answer in
      let style: Paint.Style =
        switch answer.verdict {
        case .holds: .green
        case .doesNotHold: .red
        case .seenOnce, .contradictedOnce, .notEnoughData: .yellow
        }
      let verdict = answer.verdict.rawValue
      var head = lines("\(answer.statement): \(verdict)", columns: columns)
      if head.last?.hasSuffix(verdict) == true {
        head[head.count - 1] = head[head.count - 1].dropLast(verdict.count) + paint(verdict, style)
      }
      let body = lines(answer.summary, columns: columns - 2).map { "  " + $0 }
      return (head + body).map { $0 + "\n" }.joined()
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
