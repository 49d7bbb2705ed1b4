import Networks

/// What one layer of a network takes of a training step, and what it would take at the machine's
/// limits.
public struct BenchmarkLayer: Sendable, Equatable {
  /// One of its two passes, for the whole batch.
  public struct Pass: Sendable, Equatable {
    /// How long it took: the median over the steps.
    public var seconds: Double
    /// Operations of its convolution or linear layer; a multiply-accumulate is two.
    public var flops: Int
    /// Bytes that it moves between processor and memory, counted.
    public var bytes: Int

    /// A pass of the given figures.
    public init(seconds: Double, flops: Int, bytes: Int) {
      self.seconds = seconds
      self.flops = flops
      self.bytes = bytes
    }

    /// Both one after the other.
    public static func + (left: Pass, right: Pass) -> Pass {
      Pass(
        seconds: left.seconds + right.seconds, flops: left.flops + right.flops,
        bytes: left.bytes + right.bytes)
    }

    /// The shortest time that a machine of these limits allows (Williams, Waterman and Patterson,
    /// "Roofline", 2009).
    public func floor(_ limits: MachineLimits) -> Double {
      max(Double(flops) / limits.flops, Double(bytes) / limits.bandwidth)
    }
  }

  /// The module it belongs to, `feature_ext.3.res_block.1`.
  public let name: String
  /// What it does, `3×3 depthwise /2, ReLU6`.
  public let operation: String
  /// The shape of its output for one image.
  public let output: Shape
  /// Its forward pass.
  public let forward: Pass
  /// Its backward pass: the gradients of its weights and of its input.
  public let backward: Pass

  /// The layers of the trainer's network, with the seconds that each part took for `batch` images.
  static func all(
    of trainer: Trainer, batch: Int, seconds: (Profile.Part) -> Double
  ) -> [BenchmarkLayer] {
    let (network, plan) = (trainer.network, trainer.trainingPlan)
    let summary = NetworkSummary(
      network, rounding: .truncate, resolution: trainer.resolution, batchSize: batch)
    return network.nodes.enumerated().map { index, node in
      let layer = summary.layers[index]
      let flops = layer.cost.flops * batch
      // The images have no gradient.
      let products = plan.targets[index].isEmpty ? 1 : 2
      return BenchmarkLayer(
        name: layer.name, operation: layer.operation, output: layer.output,
        forward: Pass(
          seconds: seconds(.forward(index)), flops: flops,
          bytes: plan.forwardBytes(index, node, batch: batch)),
        backward: Pass(
          seconds: seconds(.backward(index)), flops: products * flops,
          bytes: plan.backwardBytes(index, node, batch: batch)))
    }
  }
}

/// What a machine can do at most.
public struct MachineLimits: Sendable, Equatable {
  /// Float32 operations a second.
  public var flops: Double
  /// Bytes a second between processor and memory.
  public var bandwidth: Double

  /// Limits as measured.
  public init(flops: Double, bandwidth: Double) {
    self.flops = flops
    self.bandwidth = bandwidth
  }
}
