import Common

/// Threads that run one network's step at a time, and the memory of the step.
final class Team: @unchecked Sendable {
  let pool: ThreadPool
  let workspace: Workspace

  init(threads: Int, workspace: Workspace = Workspace()) {
    pool = ThreadPool(threads: threads)
    self.workspace = workspace
  }
}

/// An engine's threads: all of them as one team, and their division into teams that run side by
/// side.
///
/// Change the division only while no network runs.
final class Teams: @unchecked Sendable {
  let all: Team
  private var parts: [Team] = []

  init(threads: Int, workspace: Workspace = Workspace()) {
    all = Team(threads: threads, workspace: workspace)
  }

  /// The team at `index` of the division; nil for all threads.
  subscript(_ index: Int?) -> Team {
    guard let index, parts.indices.contains(index) else { return all }
    return parts[index]
  }

  /// The first team uses the memory that all threads use together.
  func divide(into sizes: [Int]) {
    guard sizes != parts.map(\.pool.threads) else { return }
    parts = sizes.enumerated().map { index, threads in
      index == 0 ? Team(threads: threads, workspace: all.workspace) : Team(threads: threads)
    }
  }
}
