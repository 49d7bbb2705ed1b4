import Common

package struct JobOptions: Sendable, Equatable {
  package var partition: String?
  package var account: String?
  /// A task's time limit, as Slurm writes it: `8:00:00`.
  package var time: String?
  package var memory: String?
  package var processors: Int?
  /// How many tasks run at a time; nil for as many as fit.
  package var maximumRunning: Int?
  /// How many seconds before its time limit a task is warned.
  package var warning = 120
  package var extra: [String] = []

  package init() {}

  /// Options that `sweep` sets itself and that would break what it relies on.
  private static let own: [(long: String, short: String?)] = [
    ("array", "a"), ("chdir", "D"), ("output", "o"), ("error", "e"), ("wrap", nil),
    ("dependency", "d"), ("open-mode", nil), ("parsable", nil), ("no-requeue", nil),
  ]

  /// The seconds of a time limit as `sbatch` takes it: minutes, `[hours:]minutes:seconds` or
  /// `days-hours[:minutes[:seconds]]`; nil for anything else, such as `UNLIMITED`.
  static func seconds(_ time: String) -> Int? {
    let parts = time.split(separator: "-", omittingEmptySubsequences: false)
    var fields: [Int] = []
    for field in parts.last?.split(separator: ":", omittingEmptySubsequences: false) ?? [] {
      guard let number = Int(field), number >= 0, number < 1_000_000 else { return nil }
      fields.append(number)
    }
    switch (parts.count, fields.count) {
    case (1, 1): return fields[0] * 60
    case (1, 2): return fields[0] * 60 + fields[1]
    case (1, 3): return fields[0] * 3600 + fields[1] * 60 + fields[2]
    case (2, 1...3):
      guard let days = Int(parts[0]), days >= 0, days < 100_000 else { return nil }
      let padded = fields + [0, 0]
      return days * 86400 + padded[0] * 3600 + padded[1] * 60 + padded[2]
    default: return nil
    }
  }

  /// The time limit in an option of `sbatch`, of which `next` may be the value.
  private static func timeLimit(_ option: String, _ next: String) -> String? {
    switch option {
    case "--time", "-t": next
    case _ where option.hasPrefix("--time="): String(option.dropFirst("--time=".count))
    case _ where option.hasPrefix("-t"): String(option.dropFirst(2))
    default: nil
    }
  }

  /// Throws a usage error for extra options that `sweep` sets itself, and for a time limit that is
  /// over before the warning.
  package func check() throws(SweepError) {
    let times = [time] + zip(extra, extra.dropFirst() + [""]).map(Self.timeLimit)
    for time in times.compactMap(\.self) where Self.seconds(time).map({ $0 <= warning }) ?? false {
      throw SweepError(
        .usage, at: "--time \(time)", "tasks are warned \(warning) seconds before the end",
        advice: "allow more time, or lower --warn-before")
    }
    for option in extra {
      for (long, short) in Self.own {
        let isLong = option == "--\(long)" || option.hasPrefix("--\(long)=")
        let isShort = short.map { option.hasPrefix("-\($0)") } ?? false
        guard isLong || isShort else { continue }
        throw SweepError(
          .usage, at: option, "sweep sets sbatch's option --\(long) itself",
          advice: "omit it")
      }
      guard !option.contains("\n") else {
        throw SweepError(.usage, at: option, "an option with a line break cannot go into a script")
      }
    }
  }
}

struct BatchScript {
  let submission: Submission
  let folder: String
  let options: JobOptions

  /// The script of the job array: its tasks become `sweep task`, which takes the warning signal
  /// itself.
  var array: String {
    text(arrayOptions, command: ["task", folder], suffix: " \"$SLURM_ARRAY_TASK_ID\"")
  }

  /// The script of the job that merges the results; it is submitted to wait for the array's end.
  var merge: String { text(mergeOptions, command: ["collect", folder]) }

  /// The array's options of `sbatch`, which are given on its command line too: there they take
  /// precedence over the environment.
  var arrayOptions: [String] {
    let running = options.maximumRunning.map { "%\($0)" } ?? ""
    var directives =
      common + [
        "--job-name=sweep-\(submission.experiment)",
        "--array=0-\(submission.tasks.count - 1)\(running)", "--output=task-%a.log",
        "--open-mode=append", "--requeue", "--signal=B:TERM@\(options.warning)",
      ]
    if let processors = options.processors { directives.append("--cpus-per-task=\(processors)") }
    return directives + options.extra
  }

  var mergeOptions: [String] {
    common + [
      "--job-name=sweep-\(submission.experiment)-merge", "--output=merge.log",
      "--open-mode=append", "--requeue",
    ] + options.extra
  }

  private var common: [String] {
    ["--chdir=\(folder)"]
      + [
        ("partition", options.partition), ("account", options.account), ("time", options.time),
        ("mem", options.memory),
      ].compactMap { name, value in value.map { "--\(name)=\($0)" } }
  }

  private func text(_ directives: [String], command: [String], suffix: String = "") -> String {
    let own = directives.dropLast(options.extra.count)
    var lines = ["#!/bin/sh"] + own.map { "#SBATCH \(Self.directive($0))" }
    if !options.extra.isEmpty {
      lines.append("#SBATCH " + options.extra.map(Self.directive).joined(separator: " "))
    }
    let words = ([submission.program] + command).map(Self.word).joined(separator: " ")
    return (lines + ["exec \(words)\(suffix)"]).joined(separator: "\n") + "\n"
  }

  /// A word of a shell's command line, quoted where it must be.
  static func word(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(isPlain)
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// An option on an `#SBATCH` line: Slurm takes quotes and backslashes much as a shell does.
  static func directive(_ text: String) -> String { word(text) }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "=", ":", ",", "@", "%", "+": true
    default: false
    }
  }
}
