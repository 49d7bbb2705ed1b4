import Foundation
import Networks
import Weights

/// A training step of any network in double precision, written as the definitions read: one loop per
/// operation, nothing fused.
struct ReferenceNetwork {
  /// A batch of values `[N, H, W, C]`.
  private struct Map {
    var shape: Shape
    var values: [Double]

    init(_ shape: Shape, batch: Int) {
      self.shape = shape
      values = [Double](repeating: 0, count: batch * shape.count)
    }

    func index(_ image: Int, _ y: Int, _ x: Int, _ channel: Int) -> Int {
      ((image * shape.height + y) * shape.width + x) * shape.channels + channel
    }
  }

  /// A batch normalization's results in the forward pass, by channel.
  private struct Statistics {
    var mean: [Double]
    var inverse: [Double]
  }

  private let sized: SizedNetwork
  private let batch: Int
  private let state: [String: [Double]]
  /// What readers see, by value; `before` is the same before the activation, `raw` before the
  /// normalization or the bias.
  private var values: [Map] = []
  private var before: [Map] = []
  private var raw: [Map] = []
  private var statistics: [Int: Statistics] = [:]

  /// Σ over the batch of the cross-entropy.
  private(set) var loss = 0.0
  /// The gradient of the mean loss, by tensor.
  private(set) var gradients: [String: [Double]] = [:]
  /// How badly the variances of the batch are conditioned: the largest ratio of a mean square to a
  /// variance.
  ///
  /// In float32 a variance has about 1e-7 times that as its relative error.
  private(set) var condition = 1.0
  /// The logits, `[N, classes]`.
  var logits: [Double] { values[values.count - 1].values }

  /// Runs forward and backward on images `[N, H, W, 3]`; `masks` are what dropout multiplies by, by
  /// node.
  ///
  /// Without `training` the running statistics normalize, and there are no gradients.
  init(
    _ sized: SizedNetwork, state: [NamedTensor], pixels: [Float], labels: [Int32],
    masks: [Int: [Float]] = [:], training: Bool = true
  ) {
    self.sized = sized
    batch = labels.count
    self.state = Dictionary(
      uniqueKeysWithValues: state.map { ($0.name, ($0.floats ?? []).map(Double.init)) })
    var images = Map(sized.shapes[0], batch: batch)
    images.values = pixels.map(Double.init)
    values = [images]
    before = [images]
    raw = [images]
    for index in sized.network.nodes.indices { forward(index, masks[index], training: training) }
    var gradient = lossGradient(labels)
    guard training else { return }
    var sums = sized.shapes.map { Map($0, batch: batch) }
    for index in sized.network.nodes.indices.reversed() {
      if index < sized.network.nodes.count - 1 { gradient = sums[index + 1] }
      for (input, share) in backward(index, gradient, masks[index]) {
        for element in share.values.indices { sums[input].values[element] += share.values[element] }
      }
    }
  }

  private func tensor(_ name: String) -> [Double] { state[name] ?? [] }

  private mutating func lossGradient(_ labels: [Int32]) -> Map {
    var gradient = Map(sized.shapes[sized.shapes.count - 1], batch: batch)
    let classes = gradient.shape.channels
    for (sample, label) in labels.enumerated() {
      let row = Array(logits[sample * classes..<(sample + 1) * classes])
      let largest = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - largest) }
      loss += log(total) + largest - row[Int(label)]
      for (index, value) in row.enumerated() {
        gradient.values[sample * classes + index] =
          (exp(value - largest) / total - (index == Int(label) ? 1 : 0)) / Double(labels.count)
      }
    }
    return gradient
  }

  // MARK: Forward

  private mutating func forward(_ index: Int, _ mask: [Float]?, training: Bool) {
    let node = sized.network.nodes[index]
    let input = values[node.inputs[0]]
    var output = Map(sized.shapes[index + 1], batch: batch)
    switch node.operation {
    case let layer as ConvBNAct:
      let weights = tensor("\(layer.convolutionName).weight")
      forEachProduct(layer, input, output) { output.values[$2] += input.values[$0] * weights[$1] }
      if layer.convolution.bias {
        add(tensor("\(layer.convolutionName).bias"), to: &output)
      }
    case let linear as Linear:
      let weights = tensor("\(linear.name).weight")
      let (inputs, outputs) = (linear.inputFeatures, linear.outputFeatures)
      for image in 0..<batch {
        for out in 0..<outputs {
          for feature in 0..<inputs {
            output.values[image * outputs + out] +=
              input.values[image * inputs + feature] * weights[out * inputs + feature]
          }
        }
      }
      add(tensor("\(linear.name).bias"), to: &output)
    case is Add:
      let other = values[node.inputs[1]]
      for element in output.values.indices {
        output.values[element] = input.values[element] + other.values[element]
      }
    case is Multiply:
      let gate = values[node.inputs[1]]
      forEachElement(output) { element, image, channel in
        output.values[element] =
          input.values[element] * gate.values[image * output.shape.channels + channel]
      }
    case is GlobalAveragePool:
      let area = Double(input.shape.height * input.shape.width)
      forEachElement(input) { element, image, channel in
        output.values[image * input.shape.channels + channel] += input.values[element] / area
      }
    case let pool as MaxPool2d:
      forEachMaximum(pool, input, output) { output.values[$1] = input.values[$0] }
    case is Dropout:
      output = input
      if let mask {
        for element in mask.indices { output.values[element] *= Double(mask[element]) }
      }
    default: preconditionFailure("no reference for \(node.operation)")
    }
    raw.append(output)
    if let layer = node.operation as? ConvBNAct, let batchNorm = layer.batchNorm {
      normalize(&output, layer.batchNormName, batchNorm, index, training: training)
    }
    before.append(output)
    for element in output.values.indices {
      output.values[element] = slope(node.operation.activation, output.values[element]).value
    }
    values.append(output)
  }

  private func add(_ bias: [Double], to map: inout Map) {
    for element in map.values.indices { map.values[element] += bias[element % bias.count] }
  }

  private mutating func normalize(
    _ map: inout Map, _ name: String, _ batchNorm: BatchNorm2d, _ node: Int, training: Bool
  ) {
    let channels = map.shape.channels
    let count = Double(map.values.count / channels)
    var mean = tensor("\(name).running_mean")
    var variance = tensor("\(name).running_var")
    if training {
      mean = [Double](repeating: 0, count: channels)
      variance = mean
      for (element, value) in map.values.enumerated() { mean[element % channels] += value / count }
      for (element, value) in map.values.enumerated() {
        let difference = value - mean[element % channels]
        variance[element % channels] += difference * difference / count
      }
    }
    if training {
      for (mean, variance) in zip(mean, variance) {
        condition = max(
          condition, (mean * mean + variance) / (variance + Double(batchNorm.epsilon)))
      }
    }
    let inverse = variance.map { 1 / ($0 + Double(batchNorm.epsilon)).squareRoot() }
    let (gamma, beta) = (tensor("\(name).weight"), tensor("\(name).bias"))
    for element in map.values.indices {
      let channel = element % channels
      let normalized = (map.values[element] - mean[channel]) * inverse[channel]
      map.values[element] = normalized * gamma[channel] + beta[channel]
    }
    statistics[node] = Statistics(mean: mean, inverse: inverse)
  }

  // MARK: Backward

  /// The gradients of a node's inputs from that of its output.
  private mutating func backward(
    _ index: Int, _ incoming: Map, _ mask: [Float]?
  ) -> [(input: Int, gradient: Map)] {
    let node = sized.network.nodes[index]
    let input = values[node.inputs[0]]
    var gradient = incoming
    for element in gradient.values.indices {
      gradient.values[element] *=
        slope(node.operation.activation, before[index + 1].values[element]).slope
    }
    var result = Map(input.shape, batch: batch)
    switch node.operation {
    case let layer as ConvBNAct:
      if layer.batchNorm != nil { backwardNormalization(index, layer.batchNormName, &gradient) }
      let name = "\(layer.convolutionName).weight"
      let weights = tensor(name)
      var weightGradient = [Double](repeating: 0, count: weights.count)
      forEachProduct(layer, input, gradient) { source, weight, output in
        weightGradient[weight] += input.values[source] * gradient.values[output]
        result.values[source] += weights[weight] * gradient.values[output]
      }
      gradients[name] = weightGradient
      if layer.convolution.bias {
        gradients["\(layer.convolutionName).bias"] = perChannel(gradient)
      }
    case let linear as Linear:
      let weights = tensor("\(linear.name).weight")
      let (inputs, outputs) = (linear.inputFeatures, linear.outputFeatures)
      var weightGradient = [Double](repeating: 0, count: weights.count)
      for image in 0..<batch {
        for out in 0..<outputs {
          let share = gradient.values[image * outputs + out]
          for feature in 0..<inputs {
            weightGradient[out * inputs + feature] +=
              share * input.values[image * inputs + feature]
            result.values[image * inputs + feature] += share * weights[out * inputs + feature]
          }
        }
      }
      gradients["\(linear.name).weight"] = weightGradient
      gradients["\(linear.name).bias"] = perChannel(gradient)
    case is Add: return node.inputs.map { ($0, gradient) }
    case is Multiply:
      let gate = values[node.inputs[1]]
      var gateGradient = Map(gate.shape, batch: batch)
      forEachElement(gradient) { element, image, channel in
        let place = image * input.shape.channels + channel
        result.values[element] = gradient.values[element] * gate.values[place]
        gateGradient.values[place] += gradient.values[element] * input.values[element]
      }
      return [(node.inputs[0], result), (node.inputs[1], gateGradient)]
    case is GlobalAveragePool:
      let area = Double(input.shape.height * input.shape.width)
      forEachElement(input) { element, image, channel in
        result.values[element] = gradient.values[image * input.shape.channels + channel] / area
      }
    case let pool as MaxPool2d:
      forEachMaximum(pool, input, gradient) { result.values[$0] += gradient.values[$1] }
    case is Dropout:
      result = gradient
      if let mask {
        for element in mask.indices { result.values[element] *= Double(mask[element]) }
      }
    default: preconditionFailure("no reference for \(node.operation)")
    }
    return [(node.inputs[0], result)]
  }

  private mutating func backwardNormalization(_ index: Int, _ name: String, _ gradient: inout Map) {
    guard let statistics = statistics[index] else { return }
    let channels = gradient.shape.channels
    let count = Double(gradient.values.count / channels)
    let gamma = tensor("\(name).weight")
    let normalized = raw[index + 1].values.enumerated().map { element, value in
      (value - statistics.mean[element % channels]) * statistics.inverse[element % channels]
    }
    let sums = perChannel(gradient)
    var products = [Double](repeating: 0, count: channels)
    for (element, value) in gradient.values.enumerated() {
      products[element % channels] += value * normalized[element]
    }
    for element in gradient.values.indices {
      let channel = element % channels
      gradient.values[element] =
        gamma[channel] * statistics.inverse[channel]
        * (gradient.values[element] - sums[channel] / count
          - normalized[element] * products[channel] / count)
    }
    gradients["\(name).weight"] = products
    gradients["\(name).bias"] = sums
  }

  // MARK: Loops

  private func perChannel(_ map: Map) -> [Double] {
    var sums = [Double](repeating: 0, count: map.shape.channels)
    for (element, value) in map.values.enumerated() { sums[element % map.shape.channels] += value }
    return sums
  }

  private func forEachElement(
    _ map: Map, _ body: (_ element: Int, _ image: Int, _ channel: Int) -> Void
  ) {
    for element in map.values.indices {
      body(element, element / map.shape.count, element % map.shape.channels)
    }
  }

  /// The pixels of the window of output (`y`, `x`), row by row.
  private func window(
    _ window: some SlidingWindow, _ input: Shape, _ y: Int, _ x: Int,
    _ body: (_ tap: Int, _ y: Int, _ x: Int) -> Void
  ) {
    let (rows, columns) = (window.zeros(around: input.height), window.zeros(around: input.width))
    for ky in 0..<window.kernelSize {
      for kx in 0..<window.kernelSize {
        let sourceY = y * window.stride - rows.before + ky
        let sourceX = x * window.stride - columns.before + kx
        if (0..<input.height).contains(sourceY), (0..<input.width).contains(sourceX) {
          body(ky * window.kernelSize + kx, sourceY, sourceX)
        }
      }
    }
  }

  private func forEachProduct(
    _ layer: ConvBNAct, _ input: Map, _ output: Map,
    _ body: (_ input: Int, _ weight: Int, _ output: Int) -> Void
  ) {
    let convolution = layer.convolution
    let depth = convolution.inputChannels / convolution.groups
    let area = convolution.kernelSize * convolution.kernelSize
    for image in 0..<batch {
      for y in 0..<output.shape.height {
        for x in 0..<output.shape.width {
          window(convolution, input.shape, y, x) { tap, sourceY, sourceX in
            for out in 0..<convolution.outputChannels {
              for channel in 0..<depth {
                body(
                  input.index(image, sourceY, sourceX, convolution.isDepthwise ? out : channel),
                  (out * depth + channel) * area + tap, output.index(image, y, x, out))
              }
            }
          }
        }
      }
    }
  }

  private func forEachMaximum(
    _ pool: MaxPool2d, _ input: Map, _ output: Map, _ body: (_ input: Int, _ output: Int) -> Void
  ) {
    for image in 0..<batch {
      for y in 0..<output.shape.height {
        for x in 0..<output.shape.width {
          for channel in 0..<output.shape.channels {
            var best: Int?
            window(pool, input.shape, y, x) { _, sourceY, sourceX in
              let place = input.index(image, sourceY, sourceX, channel)
              if best.map({ input.values[place] > input.values[$0] }) ?? true { best = place }
            }
            if let best { body(best, output.index(image, y, x, channel)) }
          }
        }
      }
    }
  }

  private func slope(_ activation: any Activation, _ z: Double) -> (value: Double, slope: Double) {
    switch activation {
    case is ReLU: (max(z, 0), z > 0 ? 1 : 0)
    case is ReLU6: (min(max(z, 0), 6), z > 0 && z < 6 ? 1 : 0)
    case let leaky as LeakyReLU: z > 0 ? (z, 1) : (z * Double(leaky.slope), Double(leaky.slope))
    case is HardSwish: (z * min(max(z + 3, 0), 6) / 6, z <= -3 ? 0 : z >= 3 ? 1 : z / 3 + 0.5)
    case is HardSigmoid: (min(max(z + 3, 0), 6) / 6, abs(z) < 3 ? 1.0 / 6 : 0)
    case is SiLU:
      (z / (1 + exp(-z)), (1 + exp(-z) * (1 + z)) / ((1 + exp(-z)) * (1 + exp(-z))))
    default: (z, 1)
    }
  }
}

/// The largest error of a tensor's gradient, as a share of its norm or, where that is small, of
/// `floor` times the norm of all gradients together.
func gradientError(
  _ gradients: [NamedTensor], _ expected: [String: [Double]], floor: Double = 1e-6
) -> (tensor: String, error: Double) {
  func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
  let whole = norm(expected.values.map(norm))
  var worst = (tensor: "", error: 0.0)
  for gradient in gradients {
    let (values, reference) = (gradient.floats ?? [], expected[gradient.name] ?? [])
    let difference = norm(zip(values, reference).map { Double($0) - $1 })
    let error = difference / max(norm(reference), floor * whole, 1e-30)
    if values.count != reference.count || !(error <= worst.error) {
      worst = (gradient.name, values.count == reference.count ? error : .infinity)
    }
  }
  return worst
}
