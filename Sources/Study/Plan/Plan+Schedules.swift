import Common

extension Plan {
  /// A rate that changes by step is known once there are images to count the steps.
  func checkSchedules(_ data: DataSize) throws(SweepError) {
    for item in items where item.cell.recipe.schedule.unit == .step {
      let recipe = item.cell.recipe
      let steps = (data.trainImages + recipe.batchSize - 1) / recipe.batchSize
      let all = steps * experiment.epochs
      guard
        let zero = recipe.schedule.firstZero(base: recipe.optimizer.learningRate, before: all)
      else { continue }
      throw SweepError(
        .badInput, at: "\(experiment.file): $.schedule",
        "the learning rate is 0 from step \(zero + 1) of \(all) on (\(item.cell.id))",
        advice: ScheduleRecipe.advice(
          recipe.schedule.canonical["name"]?.replacing("\"", with: "")))
    }
  }
}
