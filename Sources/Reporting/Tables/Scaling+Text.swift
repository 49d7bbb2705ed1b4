import Common
import Study

extension Scaling {
  package var text: String {
    var table = TextTable([
      ("threads", .right), ("ms, measured", .right), ("ms, predicted", .right),
      ("speed-up", .right), ("group in turn", .right), ("side by side", .right),
      ("teams", .left),
    ])
    for (point, group) in zip(points, self.group) {
      let one = points[0].measured ?? points[0].predicted
      let isMeasured = point.measured != nil
      let ratio = isMeasured ? one / (point.measured ?? 1) : points[0].predicted / point.predicted
      table.add([
        "\(point.threads)", point.measured.map { Format.fixed($0 * 1e3, decimals: 1) } ?? "–",
        Format.fixed(point.predicted * 1e3, decimals: 1),
        Format.fixed(ratio, decimals: 2) + (isMeasured ? "" : " *"),
        speedup(of: group.inTurn), speedup(of: group.sideBySide), Self.teams(group.teams),
      ])
    }
    let most = points.last?.threads ?? 1
    let barriers = machine.barriers.filter { $0.key > 1 }.sorted { $0.key < $1.key }.map {
      "\(Format.fixed($0.value * 1e6, decimals: 1)) µs on \($0.key) threads"
    }
    let bandwidths = machine.bandwidths.sorted { $0.key < $1.key }.map {
      "\(Format.fixed($0.value * 1e-9, decimals: 1)) on \($0.key)"
    }
    return table.text + """

      * predicted. The speed-ups of the group of \(groupSize) cells are predictions on all numbers of threads, and so
      are all figures for more threads than this machine has. They are simulations: each kernel's tasks, with their times
      on one thread, go to the thread that is free first.
      a kernel's end: \(barriers.isEmpty ? "not measured" : barriers.joined(separator: ", ")); grows with the logarithm of the threads
      memory, GB/s: \(bandwidths.joined(separator: ", ")); assumed to grow with the threads to at most \
      \(Format.fixed(machine.mostBandwidth * 1e-9, decimals: 0)), reached by \(threadsAtMostBandwidth(most)) threads

      """
  }

  private func threadsAtMostBandwidth(_ most: Int) -> String {
    let first = (1...most).first { machine.bandwidth(threads: $0) >= machine.mostBandwidth }
    return first.map { "\($0)" } ?? "more than \(most)"
  }

  private func speedup(of seconds: Double) -> String {
    Format.fixed((group.first?.inTurn ?? 0) / seconds, decimals: 2)
  }

  /// `4 × 13, 12`.
  private static func teams(_ sizes: [Int]) -> String {
    var runs: [(size: Int, count: Int)] = []
    for size in sizes {
      if runs.last?.size == size { runs[runs.count - 1].count += 1 } else { runs.append((size, 1)) }
    }
    return runs.map { $0.count == 1 ? "\($0.size)" : "\($0.count) × \($0.size)" }
      .joined(separator: ", ")
  }

  /// Seconds of a step, and for the group of a step of every cell.
  ///
  /// The measured seconds are null where the machine has fewer threads.
  package var json: JSON {
    let rows = zip(points, group).map { point, group in
      [
        "threads": .integer(point.threads), "measured_seconds": .number(point.measured),
        "predicted_seconds": .number(point.predicted),
        "group_in_turn_predicted_seconds": .number(group.inTurn),
        "group_side_by_side_predicted_seconds": .number(group.sideBySide),
        "teams": .array(group.teams.map(JSON.integer)),
      ] as JSON
    }
    return [
      "group_cells": .integer(groupSize), "points": .array(rows),
      "most_bandwidth_bytes_per_second": .number(machine.mostBandwidth),
      "barrier_seconds": .array(
        machine.barriers.sorted { $0.key < $1.key }.map { entry in
          ["threads": .integer(entry.key), "seconds": .number(entry.value)] as JSON
        }),
      "bandwidths": .array(
        machine.bandwidths.sorted { $0.key < $1.key }.map { entry in
          ["threads": .integer(entry.key), "bytes_per_second": .number(entry.value)] as JSON
        }),
    ]
  }
}
