import Networks

/// A per-channel y = x · scale + shift, one value of each per padded channel.
package struct Affine: @unchecked Sendable {
  package var scale: UnsafeMutablePointer<Float>
  package var shift: UnsafeMutablePointer<Float>

  package init(scale: UnsafeMutablePointer<Float>, shift: UnsafeMutablePointer<Float>) {
    self.scale = scale
    self.shift = shift
  }
}

/// A batch of feature maps: raw values `[N, height, width, stride]`, and the transformation that
/// readers apply.
///
/// The value is `activation(data · affine.scale + affine.shift)`; readers compute it while loading.
package struct FeatureMap: @unchecked Sendable {
  /// Raw values, `stride` floats per pixel.
  package var data: UnsafeMutablePointer<Float>
  package var height: Int
  package var width: Int
  /// Channels without padding.
  package var channels: Int
  /// Floats per pixel: `channels` padded to whole vectors, or `channels` itself for an input image.
  package var stride: Int
  package var affine: Affine?
  package var activation: CompiledActivation

  package init(
    data: UnsafeMutablePointer<Float>, height: Int, width: Int, channels: Int, stride: Int,
    affine: Affine? = nil, activation: CompiledActivation = .identity(Identity())
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

/// The gradient of a batch of feature maps before the activation.
package struct OutputGradient: @unchecked Sendable {
  /// dL/dz, in the feature map's layout.
  package var data: UnsafeMutablePointer<Float>
  /// The raw values of the map; read if `batchNorm` is given.
  package var raw: UnsafeMutablePointer<Float>
  /// The factors of dL/d(raw) = a · dz + b · raw + c; nil if dL/d(raw) = dz.
  package var batchNorm: BatchNormGradient?

  package init(
    data: UnsafeMutablePointer<Float>, raw: UnsafeMutablePointer<Float>,
    batchNorm: BatchNormGradient?
  ) {
    self.data = data
    self.raw = raw
    self.batchNorm = batchNorm
  }
}

/// The per-channel factors of a batch normalization's gradient: dL/d(raw) = a · dz + b · raw + c.
package struct BatchNormGradient: @unchecked Sendable {
  package var a: UnsafeMutablePointer<Float>
  package var b: UnsafeMutablePointer<Float>
  package var c: UnsafeMutablePointer<Float>

  package init(
    a: UnsafeMutablePointer<Float>, b: UnsafeMutablePointer<Float>, c: UnsafeMutablePointer<Float>
  ) {
    self.a = a
    self.b = b
    self.c = c
  }
}

/// The destination of an input's gradient in a reader's backward pass.
package struct InputGradient: @unchecked Sendable {
  /// The gradient, in the input's layout.
  package var data: UnsafeMutablePointer<Float>
  /// The sum of earlier readers' gradients, which may be `data`; nil for the first reader.
  package var addend: UnsafePointer<Float>?
  /// Set for the last reader, which multiplies the gradient by the derivative of the input's
  /// activation and sums Σdz and Σdz·x̂.
  package var finish: Finish?
  var streaming = false

  package struct Finish: @unchecked Sendable {
    /// x̂ = raw · scale + shift, the normalized value; nil without normalization, when Σdz·x̂ is 0.
    package var normalized: Affine?
    /// Σdz then Σdz·x̂: `[chunks, 2, stride]`.
    package var sums: UnsafeMutablePointer<Double>

    package init(normalized: Affine?, sums: UnsafeMutablePointer<Double>) {
      self.normalized = normalized
      self.sums = sums
    }
  }

  package init(
    data: UnsafeMutablePointer<Float>, addend: UnsafePointer<Float>?, finish: Finish?
  ) {
    self.data = data
    self.addend = addend
    self.finish = finish
  }

  /// The destination of one chunk, whose sums have a place of their own.
  func part(ofChunk chunk: Int, stride: Int) -> InputGradient {
    var part = self
    part.finish?.sums += chunk * 2 * stride
    return part
  }
}

/// Whether to store a map of `pixels` pixels past the caches.
///
/// A map larger than a core's share of the caches is evicted before it is read. Pixels must be
/// whole cache lines, so that a line is written at once.
func isStreamed(_ data: UnsafePointer<Float>, pixels: Int, stride: Int) -> Bool {
  stride % 16 == 0 && pixels * stride >= 1 << 20 && UInt(bitPattern: data) % 64 == 0
}
