import Kernels
import Networks

/// Bytes between processor and memory, counted by what the heads of the kernels' files say that
/// they read and write.
///
/// Counted is what no cache can spare: feature maps and their gradients once for each kernel that
/// reads or writes them, and the weights once. Not counted are copies that stay in a cache: tiles,
/// rings of rows, the chunks' shares of a weight's gradient. So the bytes over the bandwidth are a
/// lower bound of a kernel's time.
extension ExecutionPlan {
  /// The bytes of the forward pass of node `index` for `batch` images.
  func forwardBytes(_ index: Int, _ node: Network.Node, batch: Int) -> Int {
    let weights = 4 * kernels[index].weightCount
    let read = node.inputs.map { bytesRead(of: $0, by: index, batch: batch) }.reduce(0, +)
    if case .dropout = kernels[index] {
      // A mask is written and read; in evaluation nothing happens.
      return masks[index] == nil ? 0 : 4 * read
    }
    return read + weights + bytes(of: index + 1, batch: batch)
  }

  /// The bytes of the backward pass of node `index` for `batch` images.
  func backwardBytes(_ index: Int, _ node: Network.Node, batch: Int) -> Int {
    guard gradients[index + 1] != nil else { return 0 }
    let output = bytes(of: index + 1, batch: batch)
    switch kernels[index] {
    case .dense, .depthwise:
      let weights = 4 * kernels[index].weightCount
      // The gradient of a batch normalisation is made with its raw input.
      var total = node.isNormalised ? 2 * output : output
      // Its weights' gradient is written; the input is read for it.
      total += weights + bytesRead(of: node.inputs[0], by: index, batch: batch)
      guard let target = targets[index].first else { return total }
      total += weights
      let input = bytes(of: target.value, batch: batch)
      let reached = bytesRead(of: target.value, by: index, batch: batch)
      let addend = target.addend == nil ? 0 : input
      if case .dense(let convolution) = kernels[index], convolution.kernelSize > 1 {
        // Cleared or copied first, added to, and taken through the activation by a pass of its own.
        total += node.isNormalised ? 2 * output : output
        return total + input + addend + 2 * input + (target.isLast ? 3 * input : 0)
      }
      guard reached < input else { return total + input + addend }
      // Where the kernel skips pixels the gradient is cleared or copied first, added to where the
      // kernel reaches, and taken through the activation by a pass of its own.
      let copied = target.addend == target.data ? 0 : input + addend
      return total + copied + 2 * reached + (target.isLast ? 3 * input : 0)
    case .join:
      return targets[index].map { target in
        let input = bytes(of: target.value, batch: batch)
        let inPlace = target.data == gradients[index + 1]
        let addend = target.addend != nil && !inPlace
        return (2 + (addend ? 1 : 0) + (target.isLast ? 1 : 0)) * input
      }.reduce(0, +)
    case .scale, .dropout:
      // The gate, or the mask, is read; where its gradient is wanted it is written, and read, finished
      // and written by a pass.
      let gate = output / max(1, values[index + 1].shape.height * values[index + 1].shape.width)
      return targets[index].map { target in
        let input = bytes(of: target.value, batch: batch)
        if target.value != node.inputs[0] { return (target.isLast ? 4 : 3) * input }
        return output + gate + (2 + (target.addend == nil ? 0 : 1)) * input
      }.reduce(0, +)
    case .pool:
      return targets[index].map { target in
        let input = bytes(of: target.value, batch: batch)
        return output + (1 + (target.addend == nil ? 0 : 1) + (target.isLast ? 1 : 0)) * input
      }.reduce(0, +)
    }
  }

  /// The bytes of a value.
  private func bytes(of value: Int, batch: Int) -> Int {
    let shape = values[value].shape
    return 4 * batch * shape.height * shape.width * values[value].stride
  }

  /// The bytes of a value that node `index` reads: a kernel smaller than its stride skips some.
  private func bytesRead(of value: Int, by index: Int, batch: Int) -> Int {
    let all = bytes(of: value, batch: batch)
    guard case .dense(let convolution) = kernels[index],
      convolution.kernelSize < convolution.stride
    else { return all }
    let output = values[index + 1].shape
    let area = convolution.kernelSize * convolution.kernelSize
    return min(all, 4 * batch * output.height * output.width * area * values[value].stride)
  }
}

extension Network.Node {
  fileprivate var isNormalised: Bool {
    if case .unit(let unit) = operation { unit.batchNorm != nil } else { false }
  }
}

extension ExecutionPlan {
  /// Weights are read and written once for each of their two packed forms.
  var packingBytes: Int {
    kernels.map { kernel in
      if case .dense(let convolution) = kernel { 16 * convolution.weightCount } else { 0 }
    }.reduce(0, +)
  }
}
