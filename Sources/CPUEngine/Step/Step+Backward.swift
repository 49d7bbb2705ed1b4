import Engine
import Kernels
import Networks

extension Step {
  /// Runs all nodes backward from the logits' gradient and computes the gradient of every
  /// parameter.
  func backward() {
    let profile = model.profile
    for index in model.network.nodes.indices.reversed() {
      guard let gradient = plan.gradients[index + 1].map(floats) else { continue }
      profile.time(.backward(index)) {
        model.network.nodes[index].executable.backward(
          NodeStep(step: self, index: index), gradient: gradient)
      }
    }
  }

  /// The destination for a kernel that writes each element of its input's gradient once.
  func destination(_ target: ExecutionPlan.InputTarget) -> InputGradient {
    let normalized = plan.values[target.value].affineNode.flatMap { model.affines.normalized($0) }
    return InputGradient(
      data: floats(target.data), addend: target.addend.map { UnsafePointer(floats($0)) },
      finish: target.isLast ? .init(normalized: normalized, sums: sums) : nil)
  }

  /// The destination for a kernel that adds to its input's gradient; it is initialized with zeros
  /// or other readers' gradients.
  ///
  /// `finishAccumulated` follows.
  func accumulator(_ target: ExecutionPlan.InputTarget) -> InputGradient {
    var result = destination(target)
    let count = plan.elements(of: target.value, batch: batch)
    if let addend = result.addend {
      if addend != UnsafePointer(result.data) { result.data.update(from: addend, count: count) }
    } else {
      result.data.update(repeating: 0, count: count)
    }
    result.addend = UnsafePointer(result.data)
    result.finish = nil
    return result
  }

  /// Multiplies an accumulated gradient by the activation's derivative if it is complete.
  func finishAccumulated(_ target: ExecutionPlan.InputTarget) {
    if target.isLast { passOn(floats(target.data), to: target) }
  }

  /// Passes a gradient to a value element by element.
  func passOn(_ gradient: UnsafePointer<Float>, to target: ExecutionPlan.InputTarget) {
    var destination = destination(target)
    if gradient == UnsafePointer(destination.data) { destination.addend = nil }
    let partialSums = AddKernel.backward(
      gradient, input: featureMap(target.value), batch: batch, destination: destination,
      pool: pool)
    finish(target, partialSums)
  }

  /// Calls `finishGradient` if a kernel has completed a gradient.
  func finish(_ target: ExecutionPlan.InputTarget, _ partialSums: PartialSums) {
    if target.isLast { finishGradient(target.value, partialSums) }
  }

  /// Sums the partial gradients of weights.
  func storeWeightGradient(_ index: Int, _ partialSums: PartialSums, count: Int) {
    guard let entry = model.parameters.nodes[index] else { return }
    partialSums.reduce(
      partials, length: count, into: model.parameters.gradients.start + entry.weight, pool: pool)
  }
}
