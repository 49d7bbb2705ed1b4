import Engine
import Kernels
import Networks

extension Pass {
  /// Runs all nodes backward from the logits' gradient; leaves the gradient of every parameter.
  func backward() {
    let profile = model.profile
    for index in model.network.nodes.indices.reversed() {
      profile.time(.backward(index)) { backward(index) }
    }
  }

  private func backward(_ index: Int) {
    guard let gradient = plan.gradients[index + 1].map(floats) else { return }
    let node = model.network.nodes[index]
    let entry = model.parameters.nodes[index]
    let input = featureMap(node.inputs[0])
    let output = featureMap(index + 1)
    let outputGradient = OutputGradient(
      data: gradient, raw: output.data, coefficients: model.coefficients.gradient(index))
    let target = plan.targets[index].first
    switch plan.kernels[index] {
    case .dense(let convolution):
      let rows = batch * output.height * output.width
      let split = convolution.backwardSplit(rows: rows)
      let (destination, finishLater) = denseDestination(convolution, target, input)
      convolution.backward(
        input, gradient: outputGradient, batch: batch, height: output.height, width: output.width,
        transposed: model.packed.transposed(index), partials: partials,
        inputGradient: convolution.kernelSize == 1 ? destination : nil, pool: pool,
        scratch: scratch)
      storeWeightGradient(index, chunks: split.chunks, count: convolution.weightCount)
      if let destination, convolution.kernelSize > 1 {
        convolution.addInputGradient(
          outputGradient, batch: batch, height: output.height, width: output.width, input: input,
          transposed: model.packed.transposed(index), to: destination.data, pool: pool,
          scratch: scratch)
      }
      if let target {
        if finishLater {
          passOn(floats(target.data), to: target)
        } else if target.isLast {
          finishGradient(target.value, chunks: split.chunks)
        }
      }
    case .depthwise(let convolution):
      guard let target, let entry else { return }
      convolution.backward(
        input, gradient: outputGradient, batch: batch, height: output.height, width: output.width,
        weights: model.parameters.trainable.start + entry.weight, partials: partials,
        inputGradient: destination(target), pool: pool, scratch: scratch)
      let chunks = convolution.split(batch: batch, height: input.height).split.chunks
      storeWeightGradient(index, chunks: chunks, count: convolution.weightCount)
      if target.isLast { finishGradient(target.value, chunks: chunks) }
    case .join:
      for target in plan.targets[index] { passOn(gradient, to: target) }
    case .scale:
      backwardScale(index, gradient, gate: featureMap(node.inputs[1]))
    case .dropout:
      guard let mask = mask(index) else { return }
      backwardScale(index, gradient, gate: mask)
    case .pool:
      guard let target else { return }
      GlobalAveragePool.backward(
        gradient, input: input, batch: batch, destination: destination(target), pool: pool)
      if target.isLast {
        finishGradient(target.value, chunks: GlobalAveragePool.split(batch: batch).chunks)
      }
    }
  }

  /// The gradients of a gated map and of its gate.
  private func backwardScale(_ index: Int, _ gradient: UnsafePointer<Float>, gate: FeatureMap) {
    let inputs = model.network.nodes[index].inputs
    let targets = plan.targets[index]
    let mapTarget = targets.first { $0.value == inputs[0] }
    let gateTarget = targets.first { $0.value != inputs[0] }
    Scale.backward(
      gradient, map: featureMap(inputs[0]), gate: gate, batch: batch,
      destination: mapTarget.map(destination), gateGradient: gateTarget.map { floats($0.data) },
      pool: pool, scratch: scratch)
    if let mapTarget, mapTarget.isLast {
      finishGradient(mapTarget.value, chunks: Scale.split(batch: batch).chunks)
    }
    if let gateTarget {
      Join.backward(
        floats(gateTarget.data), input: gate, batch: batch, destination: destination(gateTarget),
        pool: pool)
      if gateTarget.isLast {
        finishGradient(gateTarget.value, chunks: Join.split(pixels: batch).chunks)
      }
    }
  }

  private func destination(_ target: ExecutionPlan.InputTarget) -> InputGradient {
    let standardised = plan.values[target.value].affineNode.flatMap {
      model.coefficients.standardised($0)
    }
    return InputGradient(
      data: floats(target.data), addend: target.addend.map { UnsafePointer(floats($0)) },
      finish: target.isLast ? .init(standardised: standardised, sums: sums) : nil)
  }

  /// A strided 1×1 convolution reaches only some of its input's pixels, a k×k one some of them
  /// several times: what others contribute is put there first, and the activation is gone through
  /// afterwards.
  private func denseDestination(
    _ convolution: DenseConvolution, _ target: ExecutionPlan.InputTarget?, _ input: FeatureMap
  ) -> (InputGradient?, finishLater: Bool) {
    guard let target else { return (nil, false) }
    var result = destination(target)
    guard convolution.stride > 1 || convolution.kernelSize > 1 else { return (result, false) }
    let count = batch * input.height * input.width * input.stride
    if let addend = result.addend {
      if addend != UnsafePointer(result.data) { result.data.update(from: addend, count: count) }
    } else {
      result.data.update(repeating: 0, count: count)
    }
    result.addend = UnsafePointer(result.data)
    result.finish = nil
    return (result, target.isLast)
  }

  /// Hands a gradient on to a value element by element.
  private func passOn(
    _ gradient: UnsafePointer<Float>, to target: ExecutionPlan.InputTarget
  ) {
    let input = featureMap(target.value)
    var destination = destination(target)
    if gradient == UnsafePointer(destination.data) { destination.addend = nil }
    Join.backward(gradient, input: input, batch: batch, destination: destination, pool: pool)
    if target.isLast {
      finishGradient(
        target.value,
        chunks: Join.split(pixels: batch * input.height * input.width).chunks)
    }
  }

  private func storeWeightGradient(_ index: Int, chunks: Int, count: Int) {
    guard let entry = model.parameters.nodes[index] else { return }
    Elementwise.reduce(
      partials, chunks: chunks, count: count,
      into: model.parameters.gradients.start + entry.weight, pool: pool)
  }
}
