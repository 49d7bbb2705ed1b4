/// How a group's cells share the device: teams of threads that run cells side by side.
struct Arrangement: Sendable, Equatable {
  struct Team: Sendable, Equatable {
    var threads: Int
    /// The most bytes of step memory of the cells that it runs.
    var workspace: Int
  }

  /// The memory that cells side by side may take.
  struct Memory: Sendable {
    /// Bytes for the teams' steps and for the batches after the first; nil if unknown.
    var free: Int?
    /// Bytes of a batch.
    var batch: Int
  }

  /// How many batches cells may be apart if several teams run them: more do not make teams busier.
  static let mostBatches = 4
  /// Steps of each cell in a simulation that compares arrangements.
  static let simulatedSteps = 12

  /// The largest team comes first.
  var teams: [Team]
  /// The number of consecutive batches that are kept for the cells.
  var window: Int
  /// Seconds in which every cell makes a step if the threads are used well: a cell that takes
  /// longer on a small team is left to larger ones.
  var round: Double

  /// Extra bytes in comparison with one cell at a time, and one batch.
  func extraBytes(batch: Int) -> Int {
    teams.dropFirst().reduce(0) { $0 + $1.workspace } + (window - 1) * batch
  }

  /// An estimate of the seconds of a step with `cost` seconds on one thread.
  ///
  /// Each thread adds to the time that a kernel waits for its last thread.
  static func seconds(_ cost: Double, threads: Int) -> Double {
    cost * (1 + 0.01 * Double(threads - 1)) / Double(threads)
  }

  /// The fewest threads of a team that may run `member`.
  func threads(for member: GroupSchedule.Member) -> Int {
    let sizes = teams.filter { $0.workspace >= member.workspace }.map(\.threads)
    return sizes.filter { Self.seconds(member.cost, threads: $0) <= round }.min()
      ?? sizes.max() ?? 0
  }

  /// All threads for one cell at a time.
  static func undivided(_ members: [GroupSchedule.Member], threads: Int) -> Arrangement {
    Arrangement(
      teams: [Team(threads: threads, workspace: members.map(\.workspace).max() ?? 0)], window: 1,
      round: .infinity)
  }

  /// The arrangement that brings all members to position `end` soonest, of those with up to
  /// `mostTeams` teams that fit into the memory.
  ///
  /// `seconds` gives the time of a member's step at a position on a number of threads.
  static func best(
    for members: [GroupSchedule.Member], until end: Int, threads: Int, mostTeams: Int,
    memory: Memory,
    seconds: ((_ member: Int, _ position: Int, _ threads: Int) -> Double)? = nil
  ) -> Arrangement {
    var best = undivided(members, threads: threads)
    let first = members.map(\.position).min() ?? 0
    let near = min(end - first, simulatedSteps) + first
    let work = members.map { $0.cost * Double(max(0, near - $0.position)) }
      .filter { $0 > 0 }.sorted(by: >)
    guard work.count > 1, mostTeams > 1, threads > 1 else { return best }
    func time(_ arrangement: Arrangement) -> Double {
      GroupSchedule(members, arrangement).makespan(until: near) { member, position, threads in
        seconds?(member, position, threads) ?? Self.seconds(members[member].cost, threads: threads)
      }
    }
    var shortest = time(best)
    for sizes in candidates(work, threads: threads)
    where sizes.count > 1 && sizes.count <= min(mostTeams, work.count) {
      for window in [mostBatches, 2] {
        guard let arrangement = Arrangement(sizes, window: window, members, memory) else {
          continue
        }
        let time = time(arrangement)
        if time < shortest { (best, shortest) = (arrangement, time) }
        break
      }
    }
    return best
  }

  /// Team sizes that may balance the work, given in descending order: the largest first.
  private static func candidates(_ work: [Double], threads: Int) -> [[Int]] {
    let share = work.reduce(0, +) / Double(threads)
    var candidates = [1, 1.1, 1.2, 1.35, 1.5, 2].compactMap { sizes(work, threads, $0 * share) }
    // Equal teams.
    for count in 2...max(2, min(threads, work.count)) {
      candidates.append((0..<count).map { ($0 + 1) * threads / count - $0 * threads / count })
    }
    var unique: [[Int]] = []
    for sizes in candidates.map({ $0.sorted(by: >) }) where !unique.contains(sizes) {
      unique.append(sizes)
    }
    return unique
  }

  /// Sizes with which each cell's work takes at most `seconds`: a team for each cell that needs
  /// several threads, and single threads for the others; nil if there are not enough threads.
  private static func sizes(_ work: [Double], _ threads: Int, _ seconds: Double) -> [Int]? {
    let needed = work.map { max(1, Int(($0 / seconds - 0.05).rounded(.up))) }
    var sizes = needed.filter { $0 > 1 }
    let small = needed.count - sizes.count
    var rest = threads - sizes.reduce(0, +)
    guard rest >= min(1, small) else { return nil }
    let singles = min(small, rest)
    sizes += [Int](repeating: 1, count: singles)
    rest -= singles
    while rest > 0,
      let slowest = sizes.indices.max(by: {
        work[$0] / Double(sizes[$0]) < work[$1] / Double(sizes[$1])
      })
    {
      sizes[slowest] += 1
      rest -= 1
    }
    return sizes
  }
}

extension Arrangement {
  /// Teams of these sizes, with the memory for all members or for those that fit; nil if not even
  /// the smallest fits beside the largest.
  fileprivate init?(
    _ sizes: [Int], window: Int, _ members: [GroupSchedule.Member], _ memory: Memory
  ) {
    let total = sizes.reduce(0, +)
    let costs = members.map(\.cost)
    let workspaces = members.map(\.workspace)
    let largest = workspaces.max() ?? 0
    self.init(
      teams: sizes.map { Team(threads: $0, workspace: largest) }, window: window,
      round: 1.05
        * max(
          Self.seconds(costs.reduce(0, +), threads: total),
          Self.seconds(costs.max() ?? 0, threads: sizes[0])))
    // A small team never runs the cells that take too long on it.
    for index in teams.indices.dropFirst() {
      let size = sizes[index]
      teams[index].workspace =
        members.filter { threads(for: $0) <= size }.map(\.workspace).max() ?? 0
    }
    guard let free = memory.free else { return }
    let rest = free - largest - (window - 1) * memory.batch
    guard extraBytes(batch: memory.batch) + largest > free else { return }
    let share = rest / (teams.count - 1)
    guard let most = workspaces.filter({ $0 <= share }).max() else { return nil }
    for index in teams.indices.dropFirst() {
      teams[index].workspace = min(teams[index].workspace, most)
    }
  }
}
