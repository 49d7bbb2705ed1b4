import Common

extension Answer {
  /// The answers in a line each, for a terminal.
  public static func text(_ answers: [Answer], paint: Paint) -> String {
    let width = answers.map(\.verdict.rawValue.count).max() ?? 0
    return answers.map { answer in
      let word = answer.verdict.rawValue
      let style: Paint.Style =
        switch answer.verdict {
        case .holds: .green
        case .doesNotHold: .red
        case .notEnoughData: .yellow
        }
      let padding = String(repeating: " ", count: width - word.count)
      return "\(paint(word, style))\(padding)  \(answer.claim): \(answer.summary)\n"
    }.joined()
  }
}
