import Common

/// A cell as the grid defines it: what is trained and what it costs.
package struct CellDescription: Sendable, Equatable {
  /// The cell's label, `mobilenet_v2-w0.35-r96-s0`: unique in its experiment, but another one when
  /// the grid gets another axis.
  package var id: String
  /// What decides its results: this identifies it.
  package var recipe: CellRecipe
  package var model: String
  package var width: Double
  /// The input's height and width in pixels.
  package var resolution: Int
  package var seed: Int
  /// The further axes in the grid's order, `optimizer.lr` → 0.01.
  package var axes: [JSON.Member]
  /// Trainable parameters.
  package var params: Int
  /// Multiply-accumulates for one image.
  package var macs: Int
  /// Floating-point operations for one image: 2 · macs.
  package var flops: Int
  /// Multiply-accumulates as the tool thop counts them; nil where its convention is not defined.
  package var thopMACs: Int?
  /// The most bytes of float32 feature maps that are alive at once while one image is classified;
  /// nil where not known.
  package var activationBytes: Int?
  package var epochs: Int

  /// A cell of the grid; its recipe is its place in the grid alone, unless there is one.
  package init(
    id: String, recipe: CellRecipe? = nil, model: String, width: Double, resolution: Int, seed: Int,
    axes: [JSON.Member] = [],
    params: Int, macs: Int, flops: Int, thopMACs: Int?, activationBytes: Int? = nil, epochs: Int
  ) {
    self.id = id
    let place: [String: JSON] = [
      "model": .string(model), "width": .number(width), "resolution": .integer(resolution),
      "seed": .integer(seed),
    ]
    let further = Dictionary(axes.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    self.recipe = recipe ?? CellRecipe(place.merging(further) { $1 })
    self.model = model
    self.width = width
    self.resolution = resolution
    self.seed = seed
    self.axes = axes
    self.params = params
    self.macs = macs
    self.flops = flops
    self.thopMACs = thopMACs
    self.activationBytes = activationBytes
    self.epochs = epochs
  }
}

package enum CellStatus: String, Sendable, CaseIterable {
  /// It has epochs to train and nobody trains them.
  case pending
  case running
  /// All its epochs are recorded.
  case done
  /// Its loss became NaN or infinite; it will not be trained further.
  case diverged
  case failed
  /// Its last run was stopped; it can go on.
  case interrupted
}
