// Loops over the channels of a pixel or of many pixels: what readers do while loading.

/// dst = activation(src · scale + shift) for `count` floats, a multiple of `lanes`.
@inline(__always)
func activate<A: ActivationFunction>(
  _ src: UnsafePointer<Float>, _ dst: UnsafeMutablePointer<Float>, count: Int, affine: Affine?,
  _ activation: A
) {
  if let affine {
    for c in Swift.stride(from: 0, to: count, by: lanes) {
      store(activation(fma(load(src + c), load(affine.scale + c), load(affine.shift + c))), dst + c)
    }
  } else {
    for c in Swift.stride(from: 0, to: count, by: lanes) {
      store(activation(load(src + c)), dst + c)
    }
  }
}

extension FeatureMap {
  /// The value before the activation of a vector of raw values, those of channels `channel` on.
  @inline(__always)
  func affine(_ raw: Vector, channel: Int) -> Vector {
    guard let affine else { return raw }
    return fma(raw, load(affine.scale + channel), load(affine.shift + channel))
  }

  /// Activates one pixel, whose raw values begin at `offset`, into `row`: `stride` floats.
  @inline(__always)
  func read(at offset: Int, into row: UnsafeMutablePointer<Float>) {
    activation.specialise(PixelActivation(map: self, offset: offset, row: row))
  }
}

private struct PixelActivation: ActivatedKernel {
  let map: FeatureMap
  let offset: Int
  let row: UnsafeMutablePointer<Float>

  @inline(__always)
  func run<A: ActivationFunction>(_ activation: A) {
    activate(map.data + offset, row, count: map.stride, affine: map.affine, activation)
  }
}

/// dst = a · dz + b · raw + c for `count` floats, a multiple of `lanes`.
@inline(__always)
func formGradient(
  _ gradient: OutputGradient, at offset: Int, _ dst: UnsafeMutablePointer<Float>, count: Int
) {
  let dz = gradient.data + offset
  guard let coefficients = gradient.coefficients else {
    for c in Swift.stride(from: 0, to: count, by: lanes) { store(load(dz + c), dst + c) }
    return
  }
  let raw = gradient.raw + offset
  for c in Swift.stride(from: 0, to: count, by: lanes) {
    let constant = fma(load(coefficients.b + c), load(raw + c), load(coefficients.c + c))
    store(fma(load(coefficients.a + c), load(dz + c), constant), dst + c)
  }
}

/// Σdz and Σdz·x̂ of eight channels, in registers.
struct GradientSums {
  var gradient = Vector()
  var product = Vector()

  /// Adds them to `sums` (Σdz) and `sums + stride` (Σdz·x̂).
  @inline(__always)
  func add(to sums: UnsafeMutablePointer<Float>, stride: Int) {
    Kernels.add(gradient, to: sums)
    Kernels.add(product, to: sums + stride)
  }
}

/// One vector of an input's gradient on its way to memory.
protocol GradientStoring {
  /// Stores `value` for the raw element at `offset`, channel `channel`.
  func callAsFunction(_ value: Vector, at offset: Int, channel: Int, sums: inout GradientSums)
}

/// Any input: takes in other readers' share and, if this reader is the last, goes through the
/// activation and into the sums.
struct GradientStore<A: ActivationFunction>: GradientStoring {
  let input: FeatureMap
  let destination: InputGradient
  let activation: A

  @inline(__always)
  func callAsFunction(
    _ value: Vector, at offset: Int, channel: Int, sums: inout GradientSums
  ) {
    var gradient = value
    if let addend = destination.addend { gradient += load(addend + offset) }
    if let finish = destination.finish {
      let raw = load(input.data + offset)
      gradient = activation.backward(gradient, at: input.affine(raw, channel: channel))
      sums.gradient += gradient
      if let standardised = finish.standardised {
        let normalised = fma(
          raw, load(standardised.scale + channel), load(standardised.shift + channel))
        sums.product = fma(gradient, normalised, sums.product)
      }
    }
    store(gradient, destination.data + offset)
  }
}

/// The usual input, a normalised map with one reader: the same without a question on the way.
struct UnitGradientStore<A: ActivationFunction>: GradientStoring {
  let data: UnsafeMutablePointer<Float>
  let raw: UnsafeMutablePointer<Float>
  let affine: Affine
  let standardised: Affine
  let streaming: Bool
  let activation: A

  /// nil: the input is not of that kind.
  init?(input: FeatureMap, destination: InputGradient?, activation: A) {
    guard let destination, destination.addend == nil, let affine = input.affine,
      let standardised = destination.finish?.standardised
    else { return nil }
    data = destination.data
    raw = input.data
    self.affine = affine
    self.standardised = standardised
    streaming = destination.streaming
    self.activation = activation
  }

  @inline(__always)
  func callAsFunction(
    _ value: Vector, at offset: Int, channel: Int, sums: inout GradientSums
  ) {
    let raw = load(raw + offset)
    let z = fma(raw, load(affine.scale + channel), load(affine.shift + channel))
    let gradient = activation.backward(value, at: z)
    let normalised = fma(
      raw, load(standardised.scale + channel), load(standardised.shift + channel))
    sums.gradient += gradient
    sums.product = fma(gradient, normalised, sums.product)
    store(gradient, data + offset, streaming: streaming)
  }
}

/// Adds `count` floats to as many doubles and clears the floats: sums over many pixels are kept in
/// float32 for a block of rows and in float64 from block to block.
@inline(__always)
func flush(
  _ sums: UnsafeMutablePointer<Float>, into totals: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count {
    totals[index] += Double(sums[index])
    sums[index] = 0
  }
}
