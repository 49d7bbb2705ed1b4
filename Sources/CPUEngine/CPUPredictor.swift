import Common
import Engine
import Kernels
import Networks
import Weights

/// A network with its parameters, in the form in which steps and evaluations run it.
class CPUPredictor: Predictor {
  let network: Network
  let resolution: Int
  let batchSize: Int
  let settings: TrainingSettings
  private let teams: Teams
  private var team: Int?
  private let plans: [ExecutionPlan]
  let evaluationPlan: ExecutionPlan
  var parameters: ParameterStore
  let affines: ChannelAffines
  let packed: PackedWeights
  /// Where the time of steps and evaluations is added up, by node; nil for nowhere.
  var profile: StepProfile?

  /// A network with all parameters zero; with a `trainingPlan` it has gradients and what else a
  /// training step needs.
  ///
  /// Throws if the system cannot provide the memory of a step.
  init(
    _ job: TrainingJob, trainingPlan: ExecutionPlan? = nil, teams: Teams
  ) throws(SweepError) {
    network = job.network
    resolution = job.resolution
    batchSize = job.batchSize
    settings = job.settings
    self.teams = teams
    evaluationPlan = ExecutionPlan(
      try network.at(resolution: resolution), batch: batchSize, training: false)
    plans = [evaluationPlan, trainingPlan].compactMap(\.self)
    let training = trainingPlan != nil
    parameters = ParameterStore(network, training: training)
    affines = ChannelAffines(parameters, training: training)
    packed = PackedWeights(parameters, training: training)
    try join(team: nil)
  }

  var pool: ThreadPool { teams[team].pool }
  var workspace: Workspace { teams[team].workspace }

  /// The bytes that steps and evaluations take of the workspace.
  var workspaceBytes: Int {
    plans.map { StepMemory.byteCount($0, threads: pool.threads) }.max() ?? 0
  }

  func join(team: Int?) throws(SweepError) {
    self.team = team
    try workspace.prepare(workspaceBytes)
  }

  var memory: MemoryFootprint {
    let count =
      parameters.trainable.count + parameters.gradients.count + parameters.running.count
      + affines.count + packed.count
    return MemoryFootprint(
      model: count * MemoryLayout<Float>.stride, workspace: workspaceBytes)
  }

  func loadStateDict(_ tensors: [NamedTensor], from source: String) throws(SweepError) {
    try parameters.loadStateDict(tensors, from: source)
    packed.isCurrent = false
  }

  func evaluate(_ batch: ImageBatch) -> BatchResult {
    forward(batch) { $0.loss(labels: batch.labels, gradient: false) }
  }

  func logits(_ batch: ImageBatch) -> [Float] { forward(batch) { $0.logits() } }

  private func forward<Result>(_ batch: ImageBatch, _ body: (Step) -> Result) -> Result {
    check(batch)
    return batch.withPixels { pixels in
      let step = Step(self, evaluationPlan, pixels: pixels, batch: batch.count, training: false)
      step.forward()
      return body(step)
    }
  }

  func check(_ batch: ImageBatch) {
    precondition((1...batchSize).contains(batch.count) && batch.resolution == resolution)
  }
}

extension ExecutionPlan {
  /// The plan of a job's training steps.
  ///
  /// Throws where the images are too small for the network.
  init(training job: TrainingJob) throws(SweepError) {
    self.init(
      try job.network.at(resolution: job.resolution), batch: job.batchSize, training: true,
      frozen: job.settings.frozenNodes)
  }
}
