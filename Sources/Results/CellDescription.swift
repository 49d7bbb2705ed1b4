import Common

/// A cell as the grid defines it.
package struct CellDescription: Sendable, Equatable {
  /// The label, `mobilenet_v2-w0.35-r96-s0`: unique in the experiment, but changes when the grid
  /// gets another axis.
  package var id: String
  /// The recipe, which identifies the cell.
  package var recipe: CellRecipe
  package var model: String
  package var width: Double
  /// The input's height and width in pixels.
  package var resolution: Int
  package var seed: Int
  /// The further axes in grid order, `optimizer.lr` → 0.01.
  package var axes: [JSON.Member]
  package var params: Int
  /// Multiply-accumulates per image.
  package var macs: Int
  /// Floating-point operations per image: 2 · macs.
  package var flops: Int
  /// Multiply-accumulates as counted by the tool thop; nil if its convention is undefined.
  package var thopMACs: Int?
  /// The peak bytes of live float32 feature maps while classifying one image; nil if unknown.
  package var activationBytes: Int?
  package var epochs: Int

  /// Without a recipe, the cell is identified by its position in the grid alone.
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
  /// It has epochs to train and no sweep trains them.
  case pending
  case running
  /// All its epochs are recorded.
  case done
  /// Its loss became NaN or infinite; it is not trained further.
  case diverged
  case failed
  /// Its last run was stopped; it can be resumed.
  case interrupted
}
