/// The order in which teams run the steps of a group's cells.
///
/// A cell's position counts the batches that it has taken from the group's stream: the training
/// batches of an epoch, its validation batches, and so on. A value of this type decides and does
/// nothing else, so that a sweep, an estimate and a simulation follow the same rules.
struct GroupSchedule: Sendable {
  struct Member: Sendable {
    var position: Int
    /// Seconds of a training step on one thread; only the ratio to other cells matters.
    var cost: Double
    /// Bytes of its step's memory.
    let workspace: Int
    var isBusy = false
    /// Whether it takes no more batches.
    var isOver = false
  }

  let arrangement: Arrangement
  private(set) var members: [Member]
  /// The fewest threads that may run each member.
  private let threads: [Int]

  init(_ members: [Member], _ arrangement: Arrangement) {
    self.members = members
    self.arrangement = arrangement
    threads = members.map(arrangement.threads)
  }

  /// The member whose next batch a free team takes, of those with a batch in `batches`; nil if the
  /// team has to wait.
  ///
  /// The cell that is furthest behind comes first, because the others may only run ahead of it by
  /// the batches that are kept; of several, the most expensive one. A single team keeps their
  /// order.
  func next(for team: Int, in batches: Range<Int>) -> Int? {
    let team = arrangement.teams[team]
    let isAlone = arrangement.teams.count == 1
    return members.indices.filter { index in
      let member = members[index]
      return !member.isBusy && !member.isOver && batches.contains(member.position)
        && threads[index] <= team.threads && member.workspace <= team.workspace
    }.min { left, right in
      let (left, right) = (members[left], members[right])
      return isAlone
        ? left.position < right.position
        : (left.position, right.cost) < (right.position, left.cost)
    }
  }

  mutating func start(_ member: Int) { members[member].isBusy = true }

  mutating func finish(_ member: Int) {
    members[member].isBusy = false
    members[member].position += 1
  }

  mutating func end(_ member: Int) { members[member].isOver = true }

  /// The position of the member that is furthest behind; nil if all are over.
  var first: Int? { members.lazy.filter { !$0.isOver }.map(\.position).min() }

  /// Simulated seconds until all members have reached position `end`; `seconds` gives the time of a
  /// member's step on a number of threads.
  func makespan(
    until end: Int, seconds: (_ member: Int, _ position: Int, _ threads: Int) -> Double
  ) -> Double {
    var schedule = self
    var running: [(team: Int, member: Int, end: Double)] = []
    var free = Array(arrangement.teams.indices)
    var now = 0.0
    for (index, member) in members.enumerated() where member.position >= end {
      schedule.end(index)
    }
    while let first = schedule.first {
      let batches = first..<min(end, first + arrangement.window)
      free.removeAll { team in
        guard let member = schedule.next(for: team, in: batches) else { return false }
        schedule.start(member)
        let threads = arrangement.teams[team].threads
        let duration = seconds(member, schedule.members[member].position, threads)
        running.append((team, member, now + duration))
        return true
      }
      guard let earliest = running.map(\.end).min() else { return .infinity }
      now = earliest
      for job in running where job.end <= now {
        schedule.finish(job.member)
        if schedule.members[job.member].position >= end { schedule.end(job.member) }
        free.append(job.team)
      }
      running.removeAll { $0.end <= now }
      free.sort()
    }
    return now
  }
}

extension GroupSchedule.Member {
  init(_ item: Plan.Item, position: Int = 0) {
    self.init(position: position, cost: item.trainingCost, workspace: item.memory.workspace)
  }
}
