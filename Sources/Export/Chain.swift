import Networks

/// The ONNX operators of one layer, one after the other.
struct Chain {
  /// The value that the first one reads.
  let input: String
  /// The operators.
  let steps: [ONNXGraph.Step]

  /// The operators of `node`, where `values` and `shapes` are the names and shapes of the values so
  /// far.
  init(_ node: Network.Node, values: [String], shapes: [Shape]) {
    let inputs = node.inputs.map { values[$0] }
    switch node.operation {
    case .unit(let unit):
      input = inputs[0]
      steps = Self.steps(unit, input: shapes[node.inputs[0]])
    case .join(let activation):
      input = inputs[0]
      steps = [.init(type: "Add", operands: [inputs[1]])] + activation.steps
    case .scale:
      // The gate gets a height and a width of 1, then spreads over the map.
      input = inputs[1]
      steps = [
        .init(type: "Unsqueeze", operands: [Constant.plane.rawValue]),
        .init(type: "Mul", operands: [inputs[0]]),
      ]
    case .globalAveragePool:
      input = inputs[0]
      steps = [
        .init(type: "GlobalAveragePool"),
        .init(type: "Flatten", attributes: ["axis": .integer(1)]),
      ]
    case .linear(let linear):
      input = inputs[0]
      let product = ONNXGraph.Step(
        type: "Gemm", operands: ["\(linear.name).weight", "\(linear.name).bias"],
        attributes: ["transB": .integer(1)])
      steps = [product] + linear.activation.steps
    case .dropout:
      input = inputs[0]
      steps = []
    }
  }

  private static func steps(_ unit: Unit, input: Shape) -> [ONNXGraph.Step] {
    let convolution = unit.convolution
    let name = unit.convolutionName
    let rows = convolution.zeros(around: input.height)
    let columns = convolution.zeros(around: input.width)
    var steps = [
      ONNXGraph.Step(
        type: "Conv",
        operands: ["\(name).weight"] + (convolution.bias ? ["\(name).bias"] : []),
        attributes: [
          "kernel_shape": .integers([convolution.kernelSize, convolution.kernelSize]),
          "strides": .integers([convolution.stride, convolution.stride]),
          "pads": .integers([rows.before, columns.before, rows.after, columns.after]),
          "group": .integer(convolution.groups),
        ])
    ]
    if let batchNorm = unit.batchNorm {
      steps.append(
        .init(
          type: "BatchNormalization",
          operands: ["weight", "bias", "running_mean", "running_var"].map {
            "\(unit.batchNormName).\($0)"
          }, attributes: ["epsilon": .float(batchNorm.epsilon)]))
    }
    return steps + unit.activation.steps
  }
}

extension Activation {
  /// The activation as an operator; none for the identity.
  fileprivate var steps: [ONNXGraph.Step] {
    switch self {
    case .identity: []
    case .relu: [.init(type: "Relu")]
    case .relu6:
      [.init(type: "Clip", operands: [Constant.zero.rawValue, Constant.six.rawValue])]
    case .leakyReLU(let slope): [.init(type: "LeakyRelu", attributes: ["alpha": .float(slope)])]
    case .hardSwish: [.init(type: "HardSwish")]
    case .hardSigmoid:
      [
        .init(
          type: "HardSigmoid", attributes: ["alpha": .float(1.0 / 6), "beta": .float(0.5)])
      ]
    }
  }
}

/// Constants that operators take as inputs; no module's name has a slash.
enum Constant: String, CaseIterable {
  /// ReLU6's lower limit.
  case zero = "constant/0"
  /// ReLU6's upper limit.
  case six = "constant/6"
  /// Where a vector of channels gets its height and width.
  case plane = "constant/plane"

  func add(to graph: inout ONNXGraph) {
    switch self {
    case .zero: graph.addConstant(rawValue, shape: [], floats: [0])
    case .six: graph.addConstant(rawValue, shape: [], floats: [6])
    case .plane: graph.addConstant(rawValue, integers: [2, 3])
    }
  }
}
