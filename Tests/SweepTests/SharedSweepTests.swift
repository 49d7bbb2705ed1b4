import Foundation
import GRDB
import Testing

/// Sweeps of real processes: killed, interrupted, in company, in shards.
@Suite(.serialized) struct SharedSweepTests {
  @Test("Shards that are merged are the single run: figures and weights")
  func shards() throws {
    try SmallStudy.with { study in
      for shard in 1...3 {
        let run = try study.run("s\(shard)", ["--shard", "\(shard)/3", "--threads", "\(shard)"])
        #expect(run.code == 0, "\(run.errors)")
      }
      let merge = try study.merge(["s1", "s2", "s3"], into: "all")
      #expect(merge.code == 0, "\(merge.errors)")
      #expect(try study.history("all").count == 9)
      try study.expectWhole("all")
      // Nothing is left to do for who goes on with the merged store.
      #expect(try study.run("all").errors.contains("nothing is left to do"))
    }
  }

  @Test("A sweep that is killed, and one that takes over beside it, come to the same bytes")
  func killed() throws {
    try SmallStudy.with { study in
      let process = try study.start("killed", ["--checkpoint-every", "0"])
      // Its first checkpoint tells that it is in the middle of the work.
      process.waitFor("killed/small/checkpoints")
      let status = try SweepProcess(
        "status", "--store", "killed/sweep.sqlite", in: study.folder)
      #expect(!status.output.contains("stopped"))
      process.send(SIGKILL)
      #expect(process.end().code == SIGKILL)
      let after = try SweepProcess("status", "--store", "killed/sweep.sqlite", in: study.folder)
      #expect(after.output.contains("its process is gone; run the experiment again to continue"))
      let next = try study.run("killed")
      #expect(next.code == 0, "\(next.errors)")
      try study.expectWhole("killed")
    }
  }

  @Test("A signal ends a sweep with 130 and a line; the same command goes on, to the same bytes")
  func interrupted() throws {
    try SmallStudy.with { study in
      try study.setEpochs(60)
      let only = ["--only", "resolution=33,model=mobilenet_v1"]
      for signal in [SIGINT, SIGTERM, SIGHUP] {
        let process = try study.start("stopped\(signal)", only)
        process.waitFor("stopped\(signal)/small/checkpoints")
        process.send(signal)
        let end = process.end()
        #expect(end.code == 130)
        #expect(end.errors.hasSuffix("run the same command to continue\n"), "\(end.errors)")
        #expect(try study.run("stopped\(signal)", only).code == 0)
      }
      #expect(try study.history("stopped\(SIGINT)").count == 61)
      #expect(try study.history("stopped\(SIGINT)") == study.history("stopped\(SIGTERM)"))
      #expect(try study.run("straight", only).code == 0)
      #expect(try study.history("stopped\(SIGINT)") == study.history("straight"))
      #expect(try study.weights("stopped\(SIGINT)") == study.weights("straight"))
    }
  }

  @Test("Two sweeps of one store share its cells, and no epoch is trained twice")
  func together() throws {
    try SmallStudy.with { study in
      let sweeps = [
        try study.start("both", ["--threads", "1"]), try study.start("both", ["--threads", "2"]),
      ]
      for sweep in sweeps {
        let end = sweep.end()
        #expect(end.code == 0, "\(end.errors)")
      }
      try study.expectWhole("both")
      let epochs = try study.connect("both") {
        try Int.fetchOne($0, sql: "SELECT count(*) FROM epochs")
      }
      #expect(epochs == 8)
    }
  }

  @Test("A reader with an open transaction neither stops a sweep nor sees it")
  func reader() throws {
    try SmallStudy.with { study in
      #expect(try study.run("read", ["--only", "resolution=33"]).code == 0)
      try study.connect("read") { db in
        func count() throws -> Int? { try Int.fetchOne(db, sql: "SELECT count(*) FROM epochs") }
        try db.execute(sql: "BEGIN")
        #expect(try count() == 4)
        let run = try study.run("read")
        #expect(run.code == 0, "\(run.errors)")
        #expect(try count() == 4)
        try db.execute(sql: "COMMIT")
        #expect(try count() == 8)
      }
      try study.expectWhole("read")
    }
  }

  @Test("A sweep waits for another program that holds the store locked, and goes on")
  func locked() throws {
    try SmallStudy.with { study in
      #expect(try study.run("locked", ["--only", "resolution=33"]).code == 0)
      let process = try study.connect("locked") { db in
        try db.execute(sql: "BEGIN IMMEDIATE")
        let process = try study.start("locked")
        process.waitUntilOpen("locked/sweep.sqlite")
        #expect(process.isRunning)
        try db.execute(sql: "COMMIT")
        return process
      }
      let end = process.end()
      #expect(end.code == 0, "\(end.errors)")
      try study.expectWhole("locked")
    }
  }

  @Test("Ctrl-C ends a sweep that waits for a locked store, long before the wait is over")
  func interruptedWait() throws {
    try SmallStudy.with { study in
      // The store alone: the folder beside it is made right before the store is written.
      try FileManager.default.createDirectory(
        atPath: study.folder + "/locked", withIntermediateDirectories: false)
      try FileManager.default.copyItem(
        atPath: study.folder + "/whole/sweep.sqlite", toPath: study.folder + "/locked/sweep.sqlite")
      let end = try study.connect("locked") { db in
        try db.execute(sql: "BEGIN IMMEDIATE")
        let process = try study.start("locked")
        process.waitFor("locked/small")
        // The wait for the store begins right after.
        usleep(500_000)
        let began = ContinuousClock.now
        process.send(SIGINT)
        let end = process.end()
        // The wait itself would be three minutes.
        #expect(ContinuousClock.now - began < .seconds(60))
        try db.execute(sql: "COMMIT")
        return end
      }
      #expect(end.code == 130)
      #expect(
        end.errors.hasSuffix(
          "interrupted while another program held the store locked; run the same command to continue\n"
        ), "\(end.errors)")
    }
  }

  @Test("A second signal ends a sweep at once: it does not save, and nothing recorded is lost")
  func impatient() throws {
    try SmallStudy.with { study in
      // Checkpoints of 40 MB, so that the first signal alone takes its time.
      try study.write(models: ["mobilenet_v1"], widths: [1.0], resolutions: [160], epochs: 40)
      for signals in [[SIGINT, SIGINT], [SIGTERM, SIGINT]] {
        let store = "twice\(signals[0])"
        let process = try study.start(store, ["--checkpoint-every", "0"])
        process.waitFor("\(store)/small/checkpoints")
        process.send(signals[0])
        process.wait { process.errors.contains("again stops at once") }
        process.send(signals[1])
        let end = process.end()
        #expect(end.code == 130)
        #expect(end.errors.hasSuffix("again stops at once\n"), "\(end.errors)")
        let status = try SweepProcess(
          "status", "--store", "\(store)/sweep.sqlite", in: study.folder)
        #expect(status.output.contains("its process is gone; run the experiment again to continue"))
      }
    }
  }

  @Test("A merge names other versions, and no other processors")
  func versions() throws {
    try SmallStudy.with { study in
      let changes = [
        ("vector_bits = vector_bits / 2, processor = 'another one'", ""),
        (
          "program_version = '9'", "sweep: the cells were trained with different versions (sweep 0."
        ),
        ("libraries = json_set(libraries, '$.libjpeg', 'turbo 9')", "libjpeg turbo 9"),
      ]
      #expect(try study.run("one", ["--only", "resolution=33"]).code == 0)
      #expect(try study.run("two", ["--only", "resolution=40"]).code == 0)
      for (index, (change, warning)) in changes.enumerated() {
        try study.connect("two") { try $0.execute(sql: "UPDATE runs SET \(change)") }
        let merge = try study.merge(["one", "two"], into: "all\(index)")
        #expect(merge.code == 0)
        #expect(merge.errors.hasPrefix("next: ") == warning.isEmpty, "\(merge.errors)")
        #expect(warning.isEmpty || merge.errors.contains(warning), "\(merge.errors)")
        try study.expectWhole("all\(index)")
      }
      // The other version is also named when the cells that it trained go on.
      try study.setEpochs(3)
      let resumed = try study.run("two")
      #expect(resumed.errors.contains("earlier epochs used sweep 9"))
    }
  }
}
