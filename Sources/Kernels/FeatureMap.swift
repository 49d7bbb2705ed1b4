/// A per-channel y = x · scale + shift, one value a padded channel each.
public struct Affine: @unchecked Sendable {
  /// The factors.
  public var scale: UnsafeMutablePointer<Float>
  /// The summands.
  public var shift: UnsafeMutablePointer<Float>

  /// An affine map of the given factors and summands.
  public init(scale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>) {
    self.scale = scale
    self.shift = shift
  }
}

/// A batch of feature maps as it lies in memory: `[N, height, width, stride]` raw values, and what
/// a reader does to them.
///
/// The value itself is `activation(data · affine.scale + affine.shift)`; readers compute it while
/// loading.
public struct FeatureMap: @unchecked Sendable {
  /// Raw values; `stride` floats a pixel.
  public var data: UnsafeMutablePointer<Float>
  /// Rows of an image.
  public var height: Int
  /// Columns of an image.
  public var width: Int
  /// Channels that carry values.
  public var channels: Int
  /// Floats from pixel to pixel: `channels` padded to whole vectors, or `channels` itself for an
  /// input image.
  public var stride: Int
  /// Normalisation or bias; nil for none.
  public var affine: Affine?
  /// What is applied after it.
  public var activation: ActivationKind

  /// A feature map over memory that the caller owns.
  public init(
    data: UnsafeMutablePointer<Float>, height: Int, width: Int, channels: Int, stride: Int,
    affine: Affine? = nil, activation: ActivationKind = .identity
  ) {
    self.data = data
    self.height = height
    self.width = width
    self.channels = channels
    self.stride = stride
    self.affine = affine
    self.activation = activation
  }
}

/// The gradient of a batch of feature maps with respect to its value before the activation.
public struct OutputGradient: @unchecked Sendable {
  /// dL/dz, laid out as the feature map is.
  public var data: UnsafeMutablePointer<Float>
  /// The raw values the gradient belongs to; read where `coefficients` are there.
  public var raw: UnsafeMutablePointer<Float>
  /// What makes dL/d(raw) = a · dz + b · raw + c per channel, the gradient of batch normalisation;
  /// nil: dz itself.
  public var coefficients: GradientCoefficients?

  /// A gradient over memory that the caller owns.
  public init(
    data: UnsafeMutablePointer<Float>, raw: UnsafeMutablePointer<Float>,
    coefficients: GradientCoefficients?
  ) {
    self.data = data
    self.raw = raw
    self.coefficients = coefficients
  }
}

/// The per-channel coefficients of a batch normalisation's gradient: dL/d(raw) = a · dz + b · raw +
/// c.
public struct GradientCoefficients: @unchecked Sendable {
  /// Factors of the gradient.
  public var a: UnsafeMutablePointer<Float>
  /// Factors of the raw value.
  public var b: UnsafeMutablePointer<Float>
  /// Summands.
  public var c: UnsafeMutablePointer<Float>

  /// Coefficients over memory that the caller owns.
  public init(
    a: UnsafeMutablePointer<Float>, b: UnsafeMutablePointer<Float>, c: UnsafeMutablePointer<Float>
  ) {
    self.a = a
    self.b = b
    self.c = c
  }
}

/// Where a reader's backward pass leaves the gradient of its input.
public struct InputGradient: @unchecked Sendable {
  /// Where it is written, laid out as the input is.
  public var data: UnsafeMutablePointer<Float>
  /// What other readers have contributed already, maybe in `data` itself; nil if this reader is the
  /// first.
  public var addend: UnsafePointer<Float>?
  /// Whether this reader is the last: then the gradient is taken through the input's activation,
  /// and Σdz and Σdz·x̂ are gathered.
  public var finish: Finish?
  /// Whether it is stored past the caches.
  var streaming = false

  /// What the last reader needs.
  public struct Finish: @unchecked Sendable {
    /// x̂ = raw · scale + shift, the normalised value; nil where there is no normalisation: then
    /// Σdz·x̂ is 0.
    public var standardised: Affine?
    /// Σdz then Σdz·x̂: `[chunks, 2, stride]`.
    public var sums: UnsafeMutablePointer<Double>

    /// Sums over memory that the caller owns.
    public init(standardised: Affine?, sums: UnsafeMutablePointer<Double>) {
      self.standardised = standardised
      self.sums = sums
    }
  }

  /// A destination over memory that the caller owns.
  public init(
    data: UnsafeMutablePointer<Float>, addend: UnsafePointer<Float>?, finish: Finish?
  ) {
    self.data = data
    self.addend = addend
    self.finish = finish
  }
}

/// Whether a map of `pixels` pixels is stored past the caches.
///
/// By the time it is read, what is larger than a core's share of them has left them anyway. Pixels
/// must be whole cache lines, so that a line is written at once.
func isStreamed(_ data: UnsafePointer<Float>, pixels: Int, stride: Int) -> Bool {
  stride % 16 == 0 && pixels * stride >= 1 << 20 && UInt(bitPattern: data) % 64 == 0
}
