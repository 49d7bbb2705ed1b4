import Common
import Networks

/// The measured time of one layer in a training step, and the lower bound from the machine's
/// limits.
package struct BenchmarkLayer: Sendable, Equatable {
  /// One of its passes over the batch.
  package struct Pass: Sendable, Equatable {
    package var seconds: Double
    /// Operations of its convolution or linear layer; a multiply-accumulate is two.
    package var flops: Int
    /// Bytes moved between processor and memory.
    package var bytes: Int

    package init(seconds: Double, flops: Int, bytes: Int) {
      self.seconds = seconds
      self.flops = flops
      self.bytes = bytes
    }

    package static func + (left: Pass, right: Pass) -> Pass {
      Pass(
        seconds: left.seconds + right.seconds, flops: left.flops + right.flops,
        bytes: left.bytes + right.bytes)
    }

    /// The shortest time that these limits allow (Williams, Waterman and Patterson, "Roofline",
    /// 2009).
    package func floor(_ limits: MachineLimits) -> Double {
      max(Double(flops) / limits.flops, Double(bytes) / limits.bandwidth)
    }
  }

  /// The module, `feature_ext.3.res_block.1`.
  package let name: String
  /// The operation, `3×3 depthwise /2, ReLU6`.
  package let operation: String
  package let output: Shape
  package let forward: Pass
  package let backward: Pass

  /// The layers of the job's network with their times.
  static func all(
    of job: TrainingJob, traffic: StepTraffic, seconds: (StepProfile.Part) -> Double
  ) throws(SweepError) -> [BenchmarkLayer] {
    let shapes = try job.network.shapes(resolution: job.resolution)
    let costs = try job.network.costs(resolution: job.resolution)
    return zip(job.network.nodes, traffic.nodes).enumerated().map { index, entry in
      let (node, bytes) = entry
      let flops = costs[index].flops * job.batchSize
      return BenchmarkLayer(
        name: node.name, operation: node.operation.title, output: shapes[index + 1],
        forward: Pass(seconds: seconds(.forward(index)), flops: flops, bytes: bytes.forward),
        backward: Pass(
          seconds: seconds(.backward(index)), flops: (bytes.hasInputGradient ? 2 : 1) * flops,
          bytes: bytes.backward))
    }
  }
}

package struct MachineLimits: Sendable, Equatable {
  /// Float32 operations per second; a multiply-add is two.
  package var flops: Double
  /// Bytes per second between processor and memory.
  package var bandwidth: Double

  package init(flops: Double, bandwidth: Double) {
    self.flops = flops
    self.bandwidth = bandwidth
  }
}
