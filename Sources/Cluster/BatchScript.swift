import Common

package struct JobOptions: Sendable, Equatable {
  package var partition: String?
  package var account: String?
  /// A task's time limit in Slurm's format: `8:00:00`.
  package var time: String?
  package var memory: String?
  package var processors: Int?
  /// The most tasks that run at a time; nil for no limit.
  package var maximumRunning: Int?
  /// Seconds before the time limit at which a task is warned.
  package var warning = 120
  package var extra: [String] = []

  package init() {}

  /// Options that `sweep` sets and depends on.
  private static let own: [(long: String, short: String?)] = [
    ("array", "a"), ("chdir", "D"), ("output", "o"), ("error", "e"), ("wrap", nil),
    ("dependency", "d"), ("open-mode", nil), ("parsable", nil), ("no-requeue", nil),
  ]

  /// The seconds of a time limit in `sbatch` format: minutes, `[hours:]minutes:seconds` or
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

  /// The time limit in an `sbatch` option, whose value may be `next`.
  private static func timeLimit(_ option: String, _ next: String) -> String? {
    switch option {
    case "--time", "-t": next
    case _ where option.hasPrefix("--time="): String(option.dropFirst("--time=".count))
    case _ where option.hasPrefix("-t"): String(option.dropFirst(2))
    default: nil
    }
  }

  /// Throws a usage error for options that `sweep` sets itself, and for a time limit shorter than
  /// the warning time.
  package func check() throws(SweepError) {
    let times = [time] + zip(extra, extra.dropFirst() + [""]).map(Self.timeLimit)
    for time in times.compactMap(\.self) where Self.seconds(time).map({ $0 <= warning }) ?? false {
      throw SweepError(
        .usage, at: "--time \(time)", "the limit is not above the warning time, \(warning) s",
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
        throw SweepError(.usage, at: option, "an option must not contain a line break")
      }
    }
  }
}

struct BatchScript {
  let submission: Submission
  let folder: String
  let options: JobOptions

  /// The script of the job array, whose tasks run `sweep task`; that command handles the warning
  /// signal.
  var array: String {
    text(arrayOptions, command: ["task", folder], suffix: " \"$SLURM_ARRAY_TASK_ID\"")
  }

  /// The script of the job that merges the results after the array ends.
  var merge: String { text(mergeOptions, command: ["collect", folder]) }

  /// The array's `sbatch` options, also passed on the command line, where they take precedence over
  /// environment variables.
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

  /// Quotes a word for a shell command line if needed.
  static func word(_ text: String) -> String {
    let isPlain = !text.isEmpty && text.unicodeScalars.allSatisfy(isPlain)
    return isPlain ? text : "'" + text.replacing("'", with: "'\\''") + "'"
  }

  /// Quotes an option for an `#SBATCH` line; Slurm handles quotes and backslashes like a shell.
  static func directive(_ text: String) -> String { word(text) }

  private static func isPlain(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "a"..."z", "A"..."Z", "0"..."9", "/", ".", "_", "-", "=", ":", ",", "@", "%", "+": true
    default: false
    }
  }
}
