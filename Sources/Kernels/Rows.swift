// Loops over the channels of pixels, which readers run while loading and storing.

/// dst = activation(src · scale + shift) for `count` floats, a multiple of `lanes`.
@inline(__always)
func activate<A: VectorActivation>(
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
  /// The values before the activation for a vector of raw values starting at channel `channel`.
  @inline(__always)
  func affine(_ raw: Vector, channel: Int) -> Vector {
    guard let affine else { return raw }
    return fma(raw, load(affine.scale + channel), load(affine.shift + channel))
  }

  /// Activates one pixel, whose raw values start at `offset`, into `row`: `stride` floats.
  @inline(__always)
  func read(at offset: Int, into row: UnsafeMutablePointer<Float>) {
    activation.specialize(PixelActivation(map: self, offset: offset, row: row))
  }
}

private struct PixelActivation: ActivatedKernel {
  let map: FeatureMap
  let offset: Int
  let row: UnsafeMutablePointer<Float>

  @inline(__always)
  func run<A: VectorActivation>(_ activation: A) {
    activate(map.data + offset, row, count: map.stride, affine: map.affine, activation)
  }
}

/// dst = a · dz + b · raw + c for `count` floats, a multiple of `lanes`.
@inline(__always)
func formGradient(
  _ gradient: OutputGradient, at offset: Int, _ dst: UnsafeMutablePointer<Float>, count: Int
) {
  let dz = gradient.data + offset
  guard let factors = gradient.batchNorm else {
    for c in Swift.stride(from: 0, to: count, by: lanes) { store(load(dz + c), dst + c) }
    return
  }
  let raw = gradient.raw + offset
  for c in Swift.stride(from: 0, to: count, by: lanes) {
    let constant = fma(load(factors.b + c), load(raw + c), load(factors.c + c))
    store(fma(load(factors.a + c), load(dz + c), constant), dst + c)
  }
}

/// Two sums over the pixels of a vector of channels, in registers: Σy and Σy² forward, Σdz and Σdz·x̂
/// backward.
struct ChannelSums {
  var sum = Vector()
  var product = Vector()

  @inline(__always)
  mutating func add(_ value: Vector, times factor: Vector) {
    sum += value
    product = fma(value, factor, product)
  }

  /// Adds them to `sums` and `sums + stride`.
  @inline(__always)
  func add(to sums: UnsafeMutablePointer<Float>, stride: Int) {
    Kernels.add(sum, to: sums)
    Kernels.add(product, to: sums + stride)
  }
}

/// Stores an input's gradient.
protocol GradientStoring {
  associatedtype Column: ColumnStoring
  /// The vector of channels that starts at `channel`.
  func column(_ channel: Int) -> Column
}

/// Stores the gradient of one vector of channels, whose factors are in registers.
protocol ColumnStoring {
  /// Stores `value` for the raw element at `offset`.
  func callAsFunction(_ value: Vector, at offset: Int, sums: inout ChannelSums)
}

/// Stores the gradient of any input: adds other readers' gradients and, for the last reader,
/// applies the activation's derivative and updates the sums.
struct GradientStore<A: VectorActivation>: GradientStoring {
  let input: FeatureMap
  let destination: InputGradient
  let activation: A

  @inline(__always)
  func column(_ channel: Int) -> Column { Column(store: self, channel: channel) }

  struct Column: ColumnStoring {
    let store: GradientStore
    let channel: Int

    @inline(__always)
    func callAsFunction(_ value: Vector, at offset: Int, sums: inout ChannelSums) {
      let (input, destination) = (store.input, store.destination)
      var gradient = value
      if let addend = destination.addend { gradient += load(addend + offset) }
      if let finish = destination.finish {
        let raw = load(input.data + offset)
        gradient = store.activation.backward(gradient, at: input.affine(raw, channel: channel))
        sums.sum += gradient
        if let normalized = finish.normalized {
          let xHat = fma(
            raw, load(normalized.scale + channel), load(normalized.shift + channel))
          sums.product = fma(gradient, xHat, sums.product)
        }
      }
      Kernels.store(gradient, destination.data + offset)
    }
  }
}

/// Stores the gradient of the usual input, a normalized map with one reader, without branches.
struct NormalizedGradientStore<A: VectorActivation>: GradientStoring {
  let data: UnsafeMutablePointer<Float>
  let raw: UnsafeMutablePointer<Float>
  let affine: Affine
  let normalized: Affine
  let streaming: Bool
  let activation: A

  /// Nil for other kinds of input.
  init?(input: FeatureMap, destination: InputGradient?, activation: A) {
    guard let destination, destination.addend == nil, let affine = input.affine,
      let normalized = destination.finish?.normalized
    else { return nil }
    data = destination.data
    raw = input.data
    self.affine = affine
    self.normalized = normalized
    streaming = destination.streaming
    self.activation = activation
  }

  @inline(__always)
  func column(_ channel: Int) -> Column {
    Column(
      data: data, raw: raw, scale: load(affine.scale + channel),
      shift: load(affine.shift + channel), normalizedScale: load(normalized.scale + channel),
      normalizedShift: load(normalized.shift + channel), streaming: streaming,
      activation: activation)
  }

  struct Column: ColumnStoring {
    let data: UnsafeMutablePointer<Float>
    let raw: UnsafeMutablePointer<Float>
    let scale: Vector
    let shift: Vector
    let normalizedScale: Vector
    let normalizedShift: Vector
    let streaming: Bool
    let activation: A

    @inline(__always)
    func callAsFunction(_ value: Vector, at offset: Int, sums: inout ChannelSums) {
      let raw = load(raw + offset)
      let gradient = activation.backward(value, at: fma(raw, scale, shift))
      sums.add(gradient, times: fma(raw, normalizedScale, normalizedShift))
      store(gradient, data + offset, streaming: streaming)
    }
  }
}

/// Adds `count` floats to doubles and clears the floats: sums are float32 within a block of rows
/// and float64 across blocks.
@inline(__always)
func flush(
  _ sums: UnsafeMutablePointer<Float>, into totals: UnsafeMutablePointer<Double>, count: Int
) {
  for index in 0..<count {
    totals[index] += Double(sums[index])
    sums[index] = 0
  }
}

/// Elementwise gradients stored through `GradientStore`; sums are flushed every 256 pixels.
struct GradientRows: ActivatedKernel {
  let input: FeatureMap
  let destination: InputGradient
  let pixels: Range<Int>
  let value: (_ pixel: Int, _ channel: Int) -> Vector

  func run<A: VectorActivation>(_ activation: A) {
    let stride = input.stride
    let gradientStore = GradientStore(
      input: input, destination: destination, activation: activation)
    let totals = destination.finish?.sums
    totals?.update(repeating: 0, count: 2 * stride)
    withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * stride) { buffer in
      guard let sums = buffer.baseAddress else { return }
      sums.update(repeating: 0, count: 2 * stride)
      for start in Swift.stride(from: pixels.lowerBound, to: pixels.upperBound, by: 256) {
        for pixel in start..<min(start + 256, pixels.upperBound) {
          for c in Swift.stride(from: 0, to: stride, by: lanes) {
            var own = ChannelSums()
            gradientStore.column(c)(value(pixel, c), at: pixel * stride + c, sums: &own)
            own.add(to: sums + c, stride: stride)
          }
        }
        if let totals { flush(sums, into: totals, count: 2 * stride) }
      }
    }
  }
}
