import Common
import Engine
import Weights

/// Runs a network without gradients, optimizer or training plan.
final class CPUPredictor: Predictor {
  let model: Model

  init(_ model: Model) { self.model = model }

  var resolution: Int { model.resolution }
  var batchSize: Int { model.batchSize }
  var memory: MemoryFootprint {
    MemoryFootprint(model: model.byteCount, workspace: model.workspaceBytes)
  }

  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try model.loadStateDict(tensors, from: source)
  }

  func logits(_ batch: ImageBatch) -> [Float] { model.logits(batch) }

  func evaluate(_ batch: ImageBatch) -> BatchResult { model.evaluate(batch) }
}
