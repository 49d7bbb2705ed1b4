import Common
import Foundation
import Results
import Testing

@testable import Study

@Suite struct SharingTests {
  /// The leases of a sweep of another process; its lock is released when they are.
  private static func leases(
    _ workshop: Workshop, host: String = "here", clock: @escaping () -> Double = { 0 }
  ) throws -> CellLeases {
    try CellLeases(
      store: Store.open(workshop.store), experiment: "trial",
      folder: workshop.path + "/results/trial", host: host, processID: 1, clock: clock)
  }

  @Test("Who knows that all other sweeps have ended takes another machine's cells at once")
  func isAlone() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["model=mobilenet_v1"])
    let cells = try Store.read(workshop.store).cells(of: "trial").filter { $0.claim == nil }
    var (dead, patient): (CellLeases?, CellLeases?) = (try Self.leases(workshop, host: "n1"), nil)
    let taken = try dead?.take(cells, in: [.pending])
    #expect(taken?.count == 2)
    // Its node is gone: nothing is left but what the store says.
    dead = nil
    patient = try Self.leases(workshop, host: "n2")
    let now = try Store.read(workshop.store).cells(of: "trial")
    #expect(try patient?.take(now, in: [.pending]).isEmpty == true)
    let alone = try CellLeases(
      store: Store.open(workshop.store), experiment: "trial",
      folder: workshop.path + "/results/trial", host: "n2", processID: 1, isAlone: true,
      clock: { 0 })
    patient = nil
    #expect(try alone.take(now, in: [.pending]) == taken)
  }

  @Test("Two sweeps that claim the same cells get each cell once")
  func compareAndSet() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["model=mobilenet_v1,resolution=64"])
    let cells = try Store.read(workshop.store).cells(of: "trial")
    let (first, second) = (try Self.leases(workshop), try Self.leases(workshop))
    let one = try first.take(Array(cells[0...1]), in: [.pending])
    let two = try second.take(cells, in: [.pending])
    #expect(one == ["mobilenet_v1-w0.1-r48-s0"])
    #expect(two == ["mobilenet_v2-w0.1-r64-s0", "mobilenet_v2-w0.1-r48-s0"])
  }

  @Test(
    "A sweep that joins in the middle trains what the first has not claimed; no cell is trained twice"
  )
  func joins() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    var trained: [String] = []
    var isInside = false
    workshop.engine.onStep = { cell, step in
      trained.append("\(cell) \(step)")
      // The second sweep comes in the first one's third step; it leaves when only the first one's
      // cells are left.
      guard trained.count == 3, !isInside else { return nil }
      isInside = true
      let interrupt = Interrupt()
      var settings = Workshop.Settings()
      settings.pause = { _ in interrupt.request() }
      let error = #expect(throws: SweepError.self) {
        try workshop.run(interrupt: interrupt, settings: settings)
      }
      #expect(error?.kind == .interrupted)
      return nil
    }
    try workshop.run()
    try whole.run()
    #expect(trained.count == 24)
    #expect(Set(trained).count == 24)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test("A sweep with nothing to do is handed half of a group after the epoch")
  func handsOver() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    let file = Workshop.file(
      epochs: 3, models: ["mobilenet_v1", "mobilenet_v2", "c_mobilenet_v2"], resolutions: [64])
    var steps = 0
    var other: CellLeases?
    workshop.engine.onStep = { _, _ in
      steps += 1
      if steps == 2 {
        do {
          let leases = try Self.leases(workshop)
          other = leases
          try Store.open(workshop.store).want(Store.read(workshop.store).cells(of: "trial"))
        } catch { Issue.record(error) }
      }
      guard steps == 3 * 3 + 1, let leases = other else { return nil }
      // One of three was given away after the first epoch.
      do {
        let cells = try Store.read(workshop.store).cells(of: "trial")
        #expect(cells.map(leases.isTaken) == [true, true, false])
        #expect(cells.map(\.status) == [.running, .running, .interrupted])
      } catch { Issue.record(error) }
      other = nil
      return nil
    }
    try workshop.run(file)
    try whole.run(file)
    #expect(steps == 27)
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }

  @Test(
    "The cells of a sweep that was killed on this machine are taken over at once, and it is recorded as killed"
  )
  func takesOver() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["resolution=48"])
    let store = try Store.open(workshop.store)
    let cell = try #require(try store.cells(of: "trial").first { $0.status == .pending })
    // A process that had claimed a cell and begun its run, and whose lock is gone.
    let dead = try store.join("trial", token: UUID().uuidString, host: "here", processID: 1)
    #expect(try store.claim([cell], in: [.pending], by: dead).count == 1)
    let run = try store.begin(.killed, of: cell, by: dead)
    try workshop.run()
    #expect(try workshop.statuses().values.allSatisfy { $0 == .done })
    #expect(try !store.isRunning(run))
    #expect(throws: SweepError.self) { try store.finish(run, .done) }
    let record = try #require(
      try store.cells(of: "trial").first { $0.description.id == cell.description.id })
    #expect(record.lastRun?.attempt == 2)
  }

  @Test(
    "A sweep on another machine is dead when its beats have stood still for the grace period by our clock"
  )
  func graceperiod() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["resolution=48"])
    let store = try Store.open(workshop.store)
    let cells = try store.cells(of: "trial").filter { $0.status == .pending }
    let far = try store.join("trial", token: UUID().uuidString, host: "far", processID: 1)
    _ = try store.claim(cells, in: [.pending], by: far)
    let held = try store.cells(of: "trial").filter { $0.status == .pending }
    var now = 0.0
    let leases = try Self.leases(workshop, clock: { now })
    #expect(try leases.take(held, in: [.pending]).isEmpty)
    now = CellLeases.gracePeriod - 1
    try store.beat(far)
    #expect(try leases.take(held, in: [.pending]).isEmpty)
    now += CellLeases.gracePeriod - 1
    #expect(try leases.take(held, in: [.pending]).isEmpty)
    // A clock that jumps back makes nobody dead.
    now = -1e6
    #expect(try leases.take(held, in: [.pending]).isEmpty)
    now = 2 * CellLeases.gracePeriod
    #expect(try leases.take(held, in: [.pending]).count == 2)
  }

  @Test("Whether a sweep is at work is told by its lock and its beats, not by its process id")
  func signs() throws {
    let workshop = try Workshop()
    try workshop.run(only: ["resolution=48"])
    let store = try Store.open(workshop.store)
    let me = Int(ProcessInfo.processInfo.processIdentifier)
    func signs(grace: Double = CellLeases.gracePeriod) throws -> [String?] {
      let signs = try SweepSigns(of: "trial", in: store, host: "here", gracePeriod: grace)
      return try store.cells(of: "trial").filter { $0.status == .running }.map(signs.objection)
    }
    // Its process id is another program's by now: this one's.
    let dead = try store.join("trial", token: UUID().uuidString, host: "here", processID: me)
    let cell = try #require(try store.cells(of: "trial").first { $0.status == .pending })
    _ = try store.claim([cell], in: [.pending], by: dead)
    _ = try store.begin(.killed, of: cell, by: dead)
    #expect(try signs() == ["its process is gone"])
    do {
      // No process has this id, but the lock is held.
      let living = try Self.leases(workshop)
      #expect(try living.take([store.cells(of: "trial")[0]], in: [.running]).count == 1)
      _ = try store.begin(.killed, of: cell, by: living.sweep)
      #expect(try signs() == [nil])
      try living.leave()
    }
    let far = try store.join("trial", token: UUID().uuidString, host: "far", processID: me)
    _ = try store.claim([cell], in: [.interrupted], by: far)
    _ = try store.begin(.killed, of: cell, by: far)
    #expect(try signs() == [nil])
    #expect(try signs(grace: 0)[0]?.hasPrefix("no sign of life from far for ") == true)
    try store.leave(far)
    _ = try store.begin(.killed, of: cell)
    #expect(try signs() == ["its sweep has ended"])
  }

  @Test("A sweep whose cell was taken over leaves it alone and goes on with the others")
  func losesCell() throws {
    let (workshop, whole) = (try Workshop(), try Workshop())
    var steps = 0
    let first = "mobilenet_v1-w0.1-r64-s0"
    workshop.engine.onStep = { _, _ in
      steps += 1
      guard steps == 2 else { return nil }
      do {
        let store = try Store.open(workshop.store)
        let cells = try store.cells(of: "trial").filter { $0.description.id == first }
        let owner = try #require(cells[0].claim)
        let thief = try store.join("trial", token: UUID().uuidString, host: "here", processID: 2)
        // As after a machine that slept too long: the owner was taken for dead.
        _ = try store.claim(cells, in: [.running], by: thief, dead: [owner])
      } catch { Issue.record(error) }
      return nil
    }
    let notes = Notes()
    try? workshop.run(observer: notes)
    #expect(notes.texts.contains("\(first): another sweep has taken it over"))
    workshop.engine.onStep = { (_, _) throws(SweepError) in nil }
    try workshop.run()
    try whole.run()
    #expect(try workshop.history() == whole.history())
    #expect(try workshop.files() == whole.files())
  }
}

extension RunDescription {
  fileprivate static let killed = RunDescription(
    host: "here", processID: 1, operatingSystem: "", processor: "", vectorBits: 256, threads: 1,
    programVersion: "", gitCommit: nil, gitIsDirty: nil, libraries: [:], initialWeightsSHA256: "",
    dataFingerprint: "data", resumedEpochs: 0)
}
