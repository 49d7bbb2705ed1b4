import Foundation
import Testing

/// A folder with what the documentation's commands presuppose: small drawn pictures in place of
/// photographs, and experiments that train on them in seconds.
enum Stage {
  /// Zip files are made and unpacked by other programs.
  static var isPossible: Bool {
    ["zip", "unzip"].allSatisfy { FileManager.default.isExecutableFile(atPath: "/usr/bin/\($0)") }
  }

  private static let italian = [
    "cane", "cavallo", "elefante", "farfalla", "gallina", "gatto", "mucca", "pecora", "ragno",
    "scoiattolo",
  ]

  /// Types a line into a shell; the output is that of both streams.
  static func type(_ line: String, in folder: String) throws -> SweepProcess {
    let program = SweepProcess.program.deletingLastPathComponent().path
    let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
    return try SweepProcess(
      list: ["-c", "{ \(line)\n} 2>&1; code=$?; wait; exit $code"], in: folder,
      program: URL(filePath: "/bin/sh"), environment: ["PATH": "\(program):\(path)"])
  }

  static func set(in folder: String, from root: URL) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      atPath: root.path + "/experiments", toPath: "\(folder)/experiments")
    try shrink("\(folder)/experiments/animals10.json") {
      $0.replacing(
        #""grid": {"#,
        with: #"""
          "grid": {"only": [{"model": "mobilenet_v1", "width": 1.0, "resolution": 224},
                            {"model": "mobilenet_v2", "width": 0.35, "resolution": 96}],
          """#)
    }
    try shrink("\(folder)/experiments/quickstart.json") { $0 }
    try """
    {"name": "study", "dataset": {"root": "data/quickstart"}, "epochs": 1, "batch_size": 8,
     "grid": {"model": ["mobilenet_v2"], "width": [0.1], "resolution": [33], "seed": [0, 1, 2, 3, 4]}}
    """.write(toFile: "\(folder)/study.json", atomically: true, encoding: .utf8)
    try prepare(
      """
      sweep data synth data/quickstart --train-per-class 2 --val-per-class 1 --size 33
      sweep run experiments/quickstart.json --store quickstart/sweep.sqlite
      sweep export --record results/published/quickstart --store quickstart/sweep.sqlite
      sweep data synth drawn --classes 2 --train-per-class 20 --val-per-class 1 --size 40
      mv drawn/train photos && zip -qr photos.zip photos && rm -r photos drawn quickstart
      sweep data synth drawn --train-per-class 5 --val-per-class 1 --size 24
      mv drawn/train raw-img && cd raw-img
      set -- \(italian.joined(separator: " ")); for name in *; do mv $name $1; shift; done
      cd .. && zip -qr archive.zip raw-img && rm -r raw-img drawn
      """, in: folder)
  }

  private static func prepare(_ script: String, in folder: String) throws {
    let run = try type("set -e\n\(script)", in: folder)
    #expect(run.code == 0, "\(run.output)")
  }

  /// Changes an experiment, and has it train for one epoch.
  private static func shrink(_ file: String, _ change: (String) -> String) throws {
    let text = try String(contentsOfFile: file, encoding: .utf8)
    try change(text).replacing(#/"epochs": \d+/#, with: #""epochs": 1"#)
      .write(toFile: file, atomically: true, encoding: .utf8)
  }
}
