import Common
import Foundation
import Testing

@testable import Study

@Suite struct GroupScheduleTests {
  /// The study's 12 cells at one resolution, as their costs are planned.
  private func members() throws -> [GroupSchedule.Member] {
    let file = """
      {"name": "trial", "dataset": {"root": "data"}, "epochs": 1, "batch_size": 192,
      "grid": {"model": ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"],
      "width": [1.0, 0.75, 0.5, 0.35], "resolution": [96]}}
      """
    let plan = try Plan(
      Experiment(bytes: Array(file.utf8), file: "trial.json"), data: nil, engine: FakeEngine())
    return plan.items.map {
      GroupSchedule.Member(
        position: 0, cost: $0.trainingCost, workspace: Int($0.trainingCost / 1000))
    }
  }

  private func best(
    _ members: [GroupSchedule.Member], threads: Int, memory: Int? = nil
  ) -> Arrangement {
    Arrangement.best(
      for: members, until: 200, threads: threads, mostTeams: threads,
      memory: Arrangement.Memory(free: memory, batch: 1))
  }

  private func speedup(_ members: [GroupSchedule.Member], _ arrangement: Arrangement) -> Double {
    let time = GroupSchedule(members, arrangement).makespan(until: 200) { member, _, threads in
      members[member].cost / Double(threads)
    }
    return 200 * members.reduce(0) { $0 + $1.cost } / time
  }

  @Test(
    "Twelve cells of unequal cost keep the threads busy",
    arguments: [(2, 0.99), (3, 0.99), (6, 0.99), (16, 0.99), (64, 0.99), (128, 0.95)])
  func busyThreads(threads: Int, least: Double) throws {
    let members = try members()
    let arrangement = best(members, threads: threads)
    #expect(arrangement.teams.reduce(0) { $0 + $1.threads } == threads)
    let share = speedup(members, arrangement) / Double(threads)
    #expect(share > least && share <= 1, "\(arrangement.teams.map(\.threads)): \(share)")
  }

  @Test("Few threads are single teams; of many, a team is large enough for the most expensive cell")
  func sizes() throws {
    let members = try members()
    #expect(best(members, threads: 2).teams.map(\.threads) == [1, 1])
    #expect(best(members, threads: 4).teams.map(\.threads) == [1, 1, 1, 1])
    let sizes = best(members, threads: 64).teams.map(\.threads)
    #expect(sizes.count > 4 && sizes[0] > 11)
  }

  @Test("A step that is longer than its turn is left to a team that is large enough")
  func largeCells() {
    let members = [8.0, 1, 1, 1, 1].map {
      GroupSchedule.Member(position: 0, cost: $0, workspace: 1)
    }
    let arrangement = best(members, threads: 6)
    let schedule = GroupSchedule(members, arrangement)
    let single = arrangement.teams.count - 1
    #expect(arrangement.teams[single].threads == 1)
    #expect(schedule.next(for: 0, in: 0..<1) == 0)
    #expect(schedule.next(for: single, in: 0..<1) == 1)
    #expect(speedup(members, arrangement) > 5.5)
  }

  @Test("The cell that is furthest behind comes first, and none leaves the window")
  func order() {
    var members = [5.0, 3, 4].map { GroupSchedule.Member(position: 1, cost: $0, workspace: 1) }
    members[1].position = 0
    let arrangement = Arrangement(
      teams: [.init(threads: 1, workspace: 1), .init(threads: 1, workspace: 1)], window: 2,
      round: .infinity)
    var schedule = GroupSchedule(members, arrangement)
    #expect(schedule.next(for: 0, in: 0..<2) == 1)
    schedule.start(1)
    #expect(schedule.next(for: 1, in: 0..<2) == 0)
    schedule.start(0)
    schedule.finish(0)
    #expect(schedule.next(for: 1, in: 0..<2) == 2)
    schedule.end(2)
    #expect(schedule.next(for: 1, in: 0..<2) == nil)
    #expect(schedule.first == 0)
  }

  @Test("Teams whose memory does not suffice leave large cells to the first team")
  func memory() throws {
    let members = try members()
    let workspaces = members.map(\.workspace).sorted()
    let (largest, median) = (workspaces[11], workspaces[6])
    let tight = best(members, threads: 4, memory: largest + 2 * median)
    #expect(tight.teams.count > 1 && tight.teams[1].workspace < largest)
    #expect(tight.teams.reduce(0) { $0 + $1.workspace } <= largest + 2 * median)
    #expect(speedup(members, tight) > 2)
    let one = best(members, threads: 4, memory: largest + workspaces[0] / 2)
    #expect(one == .undivided(members, threads: 4))
  }

  @Test("The last cell gets all threads")
  func lastCell() throws {
    var members = Array(try members().prefix(3))
    for index in 1...2 { members[index].isOver = true; members[index].position = 200 }
    #expect(best(members, threads: 16).teams.map(\.threads) == [16])
  }
}
