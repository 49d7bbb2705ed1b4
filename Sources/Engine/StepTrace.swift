import Foundation

/// A training step on one thread, task by task.
package struct StepTrace: Sendable, Equatable {
  /// A part of the step: a layer's pass, the loss, the optimizer.
  package struct Part: Sendable, Equatable {
    /// Seconds outside of tasks, which only one thread can run.
    package var serial: Double
    /// The seconds of the tasks of each kernel, in the order in which threads take them.
    package var kernels: [[Double]]
    /// Bytes that it moves between processor and memory.
    package var bytes: Int

    package init(serial: Double, kernels: [[Double]], bytes: Int) {
      self.serial = serial
      self.kernels = kernels
      self.bytes = bytes
    }
  }

  package var parts: [Part]

  package init(parts: [Part]) { self.parts = parts }

  package var bytes: Int { parts.reduce(0) { $0 + $1.bytes } }

  /// The shorter time of each task in two traces of the same step.
  package func fastest(_ other: StepTrace) -> StepTrace {
    StepTrace(
      parts: zip(parts, other.parts).map { one, other in
        Part(
          serial: min(one.serial, other.serial),
          kernels: zip(one.kernels, other.kernels).map { zip($0, $1).map(min) }, bytes: one.bytes)
      })
  }

  /// Predicted seconds on a number of threads, which share the memory with `machine.threads` minus
  /// these: a part is never faster than its share of the bandwidth allows.
  package func seconds(threads: Int, of all: Int, on machine: MachineModel) -> Double {
    let bandwidth = machine.bandwidth(threads: all) * Double(threads) / Double(all)
    return parts.reduce(0) { sum, part in
      let kernels = part.kernels.reduce(0) { sum, tasks in
        let workers = min(threads, tasks.count)
        return sum + Self.makespan(of: tasks, workers: workers)
          + (workers > 1 ? machine.barrier(threads: threads) : 0)
      }
      return sum + part.serial + max(kernels, Double(part.bytes) / bandwidth)
    }
  }

  /// The seconds until all tasks are done if each goes to the worker that is free first.
  static func makespan(of tasks: [Double], workers: Int) -> Double {
    var ends = [Double](repeating: 0, count: max(1, workers))
    for task in tasks {
      let first = ends.indices.min { ends[$0] < ends[$1] } ?? 0
      ends[first] += task
    }
    return ends.max() ?? 0
  }
}

/// What a prediction assumes of a machine with more threads than this one.
package struct MachineModel: Sendable, Equatable {
  /// The measured seconds of a kernel without work, by number of threads.
  package var barriers: [Int: Double]
  /// The measured bytes per second between processor and memory, by number of threads.
  package var bandwidths: [Int: Double]
  /// The bandwidth that no number of threads exceeds.
  package var mostBandwidth: Double

  package init(barriers: [Int: Double], bandwidths: [Int: Double], mostBandwidth: Double) {
    self.barriers = barriers
    self.bandwidths = bandwidths
    self.mostBandwidth = mostBandwidth
  }

  /// The measured time, which grows with the logarithm of the threads.
  package func barrier(threads: Int) -> Double {
    if let measured = barriers[threads] { return measured }
    guard threads > 1, let most = barriers.keys.filter({ $0 > 1 }).max(), let last = barriers[most]
    else { return 0 }
    return last * (1 + max(0, log2(Double(threads) / Double(most))))
  }

  /// The measured bandwidth; beyond it, that of one thread times the threads, up to the most.
  package func bandwidth(threads: Int) -> Double {
    if let measured = bandwidths[threads] { return measured }
    let most = bandwidths.max { $0.key < $1.key }
    guard let most else { return mostBandwidth }
    let perThread = most.value / Double(most.key)
    return max(most.value, min(perThread * Double(threads), mostBandwidth))
  }
}
