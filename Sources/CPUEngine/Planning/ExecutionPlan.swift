import Kernels
import Networks

/// The memory layout of a network at one resolution and batch size: the kernels in order and their
/// buffers.
///
/// Time runs from 0 (the first node's forward pass) through the loss to the first node's backward
/// pass; each buffer has a lifetime.
struct ExecutionPlan {
  /// The destination of the gradient of a node's input.
  struct InputTarget {
    var value: Int
    var data: MemoryPlan.Buffer
    /// The gradient from other readers; may be `data`.
    var addend: MemoryPlan.Buffer?
    var isLast: Bool
  }

  /// A value's shape, and the transformation that its readers apply.
  struct Value {
    var shape: Shape
    var activation = CompiledActivation(Identity())
    /// Floats from pixel to pixel.
    var stride: Int
    /// The node that normalizes it or adds a bias; nil for images, sums and means.
    var affineNode: Int?
  }

  let batch: Int
  private(set) var values: [Value]
  /// The weight kernel of each node; nil without weights.
  private(set) var weightKernels: [(any WeightKernel)?] = []
  /// The raw values by index; value 0, the images, has no buffer here.
  private(set) var raw: [MemoryPlan.Buffer?] = [nil]
  /// Dropout's factors, `[batch, stride]`, by node; nil for other nodes and in evaluation.
  private(set) var masks: [MemoryPlan.Buffer?]
  private(set) var gradients: [MemoryPlan.Buffer?]
  private(set) var targets: [[InputTarget]]
  private(set) var memory = MemoryPlan()
  /// Floats of partial weight gradients.
  private(set) var partialCount = 0
  /// Doubles of sums.
  private(set) var sumCount = 0
  /// Floats of scratch memory for each worker.
  private(set) var scratchCount = 0

  /// The plan for up to `batch` images; `training` includes the backward pass, down to the first
  /// node after the `frozen` ones.
  init(_ sized: SizedNetwork, batch: Int, training: Bool, frozen: Int = 0) {
    self.batch = batch
    let (nodes, shapes) = (sized.network.nodes, sized.shapes)
    values = [Value(shape: shapes[0], stride: shapes[0].channels)]
    gradients = Array(repeating: nil, count: shapes.count)
    targets = Array(repeating: [], count: nodes.count)
    masks = Array(repeating: nil, count: nodes.count)
    for (index, node) in nodes.enumerated() {
      let (operation, input) = (node.executable, node.inputs[0])
      weightKernels.append(operation.weightKernel(inputSize: shapes[input].height))
      if operation.isTrainingOnly && !training {
        // The output is the input.
        values.append(values[input])
        raw.append(raw[input])
        continue
      }
      let hasAffine = operation.parameters(ofNode: index).contains {
        [.bias, .batchNormBias].contains($0.kind)
      }
      values.append(
        Value(
          shape: shapes[index + 1], activation: CompiledActivation(operation.activation),
          stride: padded(shapes[index + 1].channels), affineNode: hasAffine ? index : nil))
      if operation.isTrainingOnly { masks[index] = buffer(of: index + 1, usedAt: index) }
      raw.append(buffer(of: index + 1, usedAt: index))
      for input in node.inputs { use(raw[input], at: index) }
      reserve(operation, index, input: values[input])
    }
    if training { planBackward(nodes, frozen: frozen) }
    memory.place()
  }

  func elements(of value: Int, batch: Int) -> Int {
    batch * values[value].shape.height * values[value].shape.width * values[value].stride
  }

  private mutating func use(_ buffer: MemoryPlan.Buffer?, at time: Int) {
    if let buffer { memory.use(buffer, at: time) }
  }

  private mutating func buffer(of value: Int, usedAt time: Int) -> MemoryPlan.Buffer {
    let buffer = memory.buffer(count: elements(of: value, batch: batch))
    memory.use(buffer, at: time)
    return buffer
  }

  /// Reserves the memory of node `index` other than feature maps.
  private mutating func reserve(_ operation: any Executable, _ index: Int, input: Value) {
    let output = values[index + 1]
    let stride = max(input.stride, output.stride)
    sumCount = max(sumCount, WorkSplit.mostChunks * 2 * stride)
    scratchCount = max(scratchCount, operation.scratchCount(stride: stride))
    guard let kernel = weightKernels[index] else { return }
    let rows = batch * output.shape.height * output.shape.width
    partialCount = max(partialCount, kernel.partialCount(rows: rows))
    scratchCount = max(scratchCount, kernel.scratchCount(width: input.shape.width))
  }

  private mutating func planBackward(_ nodes: [Network.Node], frozen: Int) {
    let last = nodes.count
    var firstReader = Array(repeating: last, count: values.count)
    for (index, node) in nodes.enumerated() {
      for input in node.inputs { firstReader[input] = min(firstReader[input], index) }
    }
    gradients[last] = buffer(of: last, usedAt: last)
    use(raw[last], at: last)
    // Gradients that a sum has passed on, maybe to several values; nothing may be added to them.
    var shared: Set<MemoryPlan.Buffer> = []
    for index in nodes.indices.reversed() {
      let time = 2 * last - index
      guard let gradient = gradients[index + 1] else { continue }
      for buffer in [gradient, raw[index + 1], masks[index]] { use(buffer, at: time) }
      for input in nodes[index].inputs { use(raw[input], at: time) }
      planUnread(index, frozen: frozen, input: nodes[index].inputs[0], at: time)
      for (place, input) in nodes[index].inputs.enumerated() where input > frozen {
        let isLast = firstReader[input] == index
        let addend = gradients[input]
        var isPassedOn = false
        var data: MemoryPlan.Buffer?
        switch nodes[index].executable.gradientPlace(ofInput: place) {
        case .passedOn:
          // No copy is needed unless the gradient is changed.
          isPassedOn =
            addend == nil
            && (!isLast || values[input].activation == CompiledActivation(Identity()))
          if isPassedOn {
            data = gradient
            shared.insert(gradient)
          }
        case .separate: data = buffer(of: input, usedAt: time)
        case .inPlace: data = addend == nil && !shared.contains(gradient) ? gradient : nil
        case .accumulated: break
        }
        if data == nil, let addend, !shared.contains(addend) { data = addend }
        let target = data ?? buffer(of: input, usedAt: time)
        if !isPassedOn || (isLast && values[input].affineNode != nil) {
          targets[index].append(
            InputTarget(value: input, data: target, addend: addend, isLast: isLast))
        }
        use(addend, at: time)
        memory.use(target, at: time)
        gradients[input] = target
      }
    }
  }

  /// Reserves memory for an input gradient that a kernel computes although it is not needed.
  private mutating func planUnread(_ index: Int, frozen: Int, input: Int, at time: Int) {
    guard weightKernels[index]?.alwaysMakesInputGradient == true, input <= frozen else { return }
    let data = buffer(of: input, usedAt: time)
    targets[index] = [InputTarget(value: input, data: data, addend: nil, isLast: false)]
  }
}
