import Common
import GRDB

extension StoreMerge {
  /// Adds a cell's files that the target lacks; if `runs` maps the source's run ids to the
  /// target's, adds all of them.
  func takeFiles(
    of cell: MergeRows.Values, into experiment: Experiment, runs: [Int64: Int64]?,
    from source: Database, _ report: inout MergeReport
  ) throws {
    guard let files else { return }
    let recipe = CellRecipe(stored: cell.string("recipe"))
    let rows = try Row.fetchAll(
      source,
      sql: "SELECT * FROM files WHERE experiment_id = ? AND recipe_sha256 IN (?, ?) ORDER BY id",
      arguments: [cell.integer("experiment_id"), recipe.sha256, recipe.initialWeights.sha256])
    for row in rows {
      guard let file = try Store.file(row), file.isWritten else { continue }
      let known = try Store.file(target, file.kind, file.recipe, in: experiment.name)
      let isInitial = file.kind == .initial
      if let known, known.isWritten, isInitial || runs == nil {
        if let mine = known.sha256, let theirs = file.sha256, mine != theirs,
          file.kind != .checkpoint
        {
          throw SweepError(
            .badInput, at: here,
            "\(cell.string("name")) has other \(file.kind.rawValue) weights here than in \(path)",
            advice: "keep one of them: both cannot come from the same recipe, images and processor")
        }
        continue
      }
      if let known {
        try target.execute(sql: "DELETE FROM files WHERE path = ?", arguments: [known.path])
        report.replaced.append(known)
      }
      let name = file.path.lastPathPart.split(separator: ".safetensors").first ?? "weights"
      let path = try Store.freePath(
        "\(experiment.folder)/\(file.kind.folder)/\(name)", target
      ) { path in files.exists(path) || report.replaced.contains { $0.path == path } }
      let run = try row.decode(Int64?.self, forColumn: "run_id").flatMap { runs?[$0] }
      try MergeRows.insert(
        MergeRows.values(row), into: "files", without: ["id"],
        with: [
          "experiment_id": experiment.id, "path": path, "run_id": run?.databaseValue ?? .null,
          // The previous checkpoint is not copied.
          "previous_sha256": DatabaseValue.null,
        ], target)
      report.copies.append(MergeReport.Copy(file: file, target: path))
    }
  }
}
