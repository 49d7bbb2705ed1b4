import Foundation
import Testing

@Suite struct CompletionTests {
  /// What the program offers for the last word of a command line, as a shell asks it.
  private func offers(
    _ place: [String], _ words: [String], shell: String, in folder: String
  ) throws -> [String] {
    let line = ["sweep"] + words
    let last = line.count - 1
    let run = try SweepProcess(
      list: ["---completion"] + place + ["\(last)", "\(line[last].count)"] + line, in: folder,
      environment: ["SAP_SHELL": shell, "SAP_SHELL_VERSION": "5"])
    // For zsh there is one more line, a space.
    return run.output.split(separator: "\n").map(String.init).filter { $0 != " " }
  }

  @Test(
    "Experiments, cells, models, axes and their values are completed",
    arguments: ["bash", "zsh", "fish"])
  func names(shell: String) throws {
    try SmallStudy.with { study throws in
      func offers(_ place: [String], _ words: String...) throws -> [String] {
        try self.offers(place, words, shell: shell, in: study.folder)
      }
      let (store, colon) = ("whole/sweep.sqlite", shell == "zsh" ? "\\:" : ":")
      #expect(
        try offers(["show", "--", "--experiment"], "show", "--store", store, "--experiment", "")
          == ["small"])
      let cells = try offers(["show", "--", "positional@0"], "show", "--store", store, "")
      #expect(
        cells.starts(with: ["best", "last"] + ["v1", "v2"].map { "best\(colon)mobilenet_\($0)" })
          && cells.contains("mobilenet_v1-w0.1-r40-s0"))
      #expect(
        try offers(["bench", "--", "--model"], "bench", "--model", "").contains(
          "mobilenet_v3_large"))
      let only = ["run", "--", "--only"]
      #expect(
        try offers(only, "run", "small.json", "--only", "") == [
          "model=", "width=", "resolution=", "seed=",
        ])
      #expect(
        try offers(only, "run", "small.json", "--only", "model=mobilenet_v1,resolution=") == [
          "model=mobilenet_v1,resolution=40", "model=mobilenet_v1,resolution=33",
        ])
    }
  }

  @Test("Zsh puts no space after an axis")
  func zsh() throws {
    let run = try SweepProcess("--generate-completion-script", "zsh")
    #expect(run.code == 0)
    #expect(run.output.contains(#"[[ "${1}" = *= ]] && suffix=(-S '')"#))
    #expect(run.output.contains(#"_describe -V '' non_empty_completions "${suffix[@]}" --"#))
  }

  @Test("Bash completes words with = and :, at which it splits")
  func bash() throws {
    try SmallStudy.with { study throws in
      try FileManager.default.copyItem(
        atPath: "\(study.folder)/whole", toPath: "\(study.folder)/results")
      let script = #"""
        source <(sweep --generate-completion-script bash)
        compopt() { :; }
        offer() {
          COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="${*}"; COMP_POINT=${#COMP_LINE}
          COMPREPLY=()
          _sweep_whole_words sweep "${COMP_WORDS[-1]}" "${COMP_WORDS[-2]}"
          echo "${COMPREPLY[@]}"
        }
        offer sweep run small.json --only mo
        offer sweep run small.json --only model = mobilenet_v1
        offer sweep run small.json --only model=mobilenet_v1,resolution = 4
        offer sweep show best : mobilenet_v2
        offer sweep sho
        """#
      let program = SweepProcess.program.deletingLastPathComponent().path
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      let run = try SweepProcess(
        list: ["-c", script], in: study.folder, program: URL(filePath: "/bin/bash"),
        environment: ["PATH": "\(program):\(path)"])
      #expect(
        run.output == "model=\nmobilenet_v1\n40\nmobilenet_v2\nshow\n", "\(run.output)\(run.errors)"
      )
    }
  }
}
