import Foundation
import Testing

@Suite struct BenchCommandTests {
  private static let small = [
    "bench", "--model", "mobilenet_v1", "--width", "0.25", "--resolution", "32", "--batch-size",
    "2",
    "--threads", "1", "--repetitions", "1",
  ]

  @Test("bench --json prints the figures that scripts rely on, in order")
  func json() throws {
    let run = try SweepProcess(list: Self.small + ["--json"])
    #expect(run.code == 0)
    #expect(run.errors == "")
    let names = run.output.split(separator: "\n").compactMap { line -> String? in
      line.hasPrefix("  \"") ? String(line.split(separator: "\"")[1]) : nil
    }
    #expect(
      names == [
        "listing", "version", "model", "width", "resolution", "batch_size", "threads",
        "train_images_per_second",
        "eval_images_per_second", "gflops", "peak_gflops", "peak_fraction", "peak_rss_bytes",
      ])
    let figures = try JSONDecoder().decode(Figures.self, from: Data(run.output.utf8))
    #expect(figures.model == "mobilenet_v1")
    #expect(figures.width == 0.25)
    #expect(figures.threads == 1)
    #expect(abs(figures.gflops / figures.peak_gflops - figures.peak_fraction) < 1e-9)
    #expect((0..<1).contains(figures.peak_fraction))
    #expect(figures.peak_rss_bytes > 1 << 20)
    #expect(figures.eval_images_per_second > 0)
  }

  @Test("bench --scaling has a point for each number of threads, and marks what it predicts")
  func scaling() throws {
    let run = try SweepProcess(
      list: Self.small.replacing(["1", "--repetitions"], with: ["2", "--repetitions"])
        + ["--scaling", "--json"])
    #expect(run.code == 0, "\(run.errors)")
    let scaling = try JSONDecoder().decode(ScalingFigures.self, from: Data(run.output.utf8)).scaling
    #expect(scaling.group_cells == 12)
    #expect(scaling.points.map(\.threads) == [1, 2, 4, 8, 16, 32, 64])
    #expect(
      scaling.points.map { $0.measured_seconds == nil } == [false, false]
        + Array(repeating: true, count: 5))
    #expect(scaling.points.allSatisfy { $0.teams.reduce(0, +) == $0.threads })
    let group = scaling.points.map(\.group_side_by_side_predicted_seconds)
    #expect(group[1] < group[0] && group[6] < group[0])
  }

  private struct ScalingFigures: Decodable {
    let scaling: Scaling
  }

  private struct Scaling: Decodable {
    struct Point: Decodable {
      let threads: Int
      let measured_seconds: Double?
      let predicted_seconds, group_side_by_side_predicted_seconds: Double
      let teams: [Int]
    }
    let group_cells: Int
    let points: [Point]
  }

  private struct Figures: Decodable {
    let model: String
    let width: Double
    let threads: Int
    let eval_images_per_second: Double
    let gflops: Double
    let peak_gflops: Double
    let peak_fraction: Double
    let peak_rss_bytes: Int
  }

  @Test("--layers adds a row for every layer")
  func layers() throws {
    let run = try SweepProcess(list: Self.small + ["--layers"])
    #expect(run.code == 0)
    let rows = run.output.split(separator: "\n").filter { $0.contains("×") }.dropFirst()
    #expect(rows.count == 29)
    #expect(rows.first?.hasPrefix("stem ") == true)
    #expect(rows.last?.hasPrefix("classifier.2 ") == true)
  }

  @Test(
    "What cannot be timed ends with 64 and one line",
    arguments: [
      (["--model", "mobilenet_v9"], "mobilenet_v9"), (["--width", "0.001"], "0.001"),
      (["--batch-size", "60000", "--resolution", "2000"], "--batch-size"),
    ])
  func refused(arguments: [String], named: String) throws {
    let run = try SweepProcess(list: ["bench"] + arguments)
    #expect(run.code == 64)
    #expect(run.output == "")
    #expect(run.errors.hasPrefix("sweep: "))
    #expect(run.errors.split(separator: "\n").count == 1)
    #expect(run.errors.contains(named))
  }

  @Test(
    "An option out of range ends with 64 and is named",
    arguments: ["--resolution", "--batch-size", "--threads", "--repetitions", "--classes"])
  func usage(option: String) throws {
    let run = try SweepProcess("bench", option, "0")
    #expect(run.code == 64)
    #expect(run.errors.contains(option))
  }
}
