import ArgumentParser
import Cluster
import Common
import DataSets
import Foundation
import Images
import Results
import Study

/// `sweep submit`: lets Slurm train what is missing of an experiment.
struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Let Slurm train the cells of an experiment that are neither done nor queued.",
    discussion: """
      One job array: a task trains cells of about the same cost as the others', kept together by resolution, into a \
      store of its own. A last job puts the stores into this one when the array has ended. A task that is warned, \
      before its time limit or when it is preempted, saves and is queued again to go on; one that fails three times is \
      given up and the others go on. Options of sbatch that are not listed here come after --.

      Examples:
        sweep submit experiments/animals10.json --partition long --time 8:00:00 \\
          --cpus-per-task 8 --mem 6G
        sweep submit experiments/animals10.json --max-tasks 60 --max-running 20 \\
          -- --qos=low --constraint=avx2
        sweep submit experiments/animals10.json --dry-run
        sweep submit experiments/animals10.json --scratch '$TMPDIR/images'
      """)

  @Argument(help: "The experiment file.", completion: .file(extensions: ["json"]))
  var file: String

  @Option(help: "The partition; Slurm's own choice unless named.")
  var partition: String?

  @Option(help: ArgumentHelp("A task's time limit, 8:00:00.", valueName: "time"))
  var time: String?

  @Option(help: ArgumentHelp("A task's processors.", valueName: "n"))
  var cpusPerTask: Int?

  @Option(help: ArgumentHelp("A task's memory, 6G.", valueName: "size"))
  var mem: String?

  @Option(help: "The account that pays.")
  var account: String?

  @Option(help: ArgumentHelp("Make at most so many tasks.", valueName: "k"))
  var maxTasks = 16

  @Option(help: ArgumentHelp("Let at most so many tasks run at a time.", valueName: "k"))
  var maxRunning: Int?

  @Option(
    help: ArgumentHelp(
      "How long before its time limit a task is warned; it must save all its cells meanwhile.",
      valueName: "seconds"))
  var warnBefore = 120

  @Option(help: ArgumentHelp("Time between two checkpoints.", valueName: "seconds"))
  var checkpointEvery = 300.0

  @Option(
    help: ArgumentHelp(
      "Copy the images to this folder on each node's own disk first, once a node; $NAME is the node's variable.",
      valueName: "folder"))
  var scratch: String?

  @Option(
    help: ArgumentHelp(
      "The program that nodes run; by default this one, at its place here.", valueName: "path"))
  var program: String?

  @Option(
    help: ArgumentHelp("The store that takes the results.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store = Store.defaultPath

  @Flag(help: "Print the scripts; nothing is written or submitted.")
  var dryRun = false

  @Flag(help: "Write the scripts and print how to submit them.")
  var printOnly = false

  @Argument(parsing: .postTerminator, help: "Options of sbatch.")
  var sbatchOptions: [String] = []

  func validate() throws {
    if let cpusPerTask, cpusPerTask < 1 {
      throw ValidationError("--cpus-per-task must be at least 1")
    }
    if maxTasks < 1 { throw ValidationError("--max-tasks must be at least 1") }
    if let maxRunning, maxRunning < 1 { throw ValidationError("--max-running must be at least 1") }
    if warnBefore < 1 { throw ValidationError("--warn-before must be at least 1") }
    if !(checkpointEvery >= 0) { throw ValidationError("--checkpoint-every must be at least 0") }
    if dryRun && printOnly {
      throw ValidationError("--dry-run writes nothing: leave --print-only away")
    }
  }

  func run() throws {
    let experiment = try Experiment(contentsOf: file)
    let data = try DataSet(experiment.dataset)
    let size = DataSize(data)
    var request = Submitter.Request(
      plan: try Plan(
        experiment, data: size, engine: makeEngine(threads: cpusPerTask ?? Processors.available)),
      size: size, store: store,
      program: try Self.place(of: program))
    request.scratch = scratch
    request.checkpointEvery = checkpointEvery
    request.maximumTasks = maxTasks
    request.job = jobOptions
    if dryRun { return try preview(request) }
    if !printOnly { try Slurm.require() }

    let prepared = try Preparation(experiment, data, store: self.store)
    let store = prepared.store
    request.fingerprint = prepared.fingerprint
    request.imageList = prepared.files
    let submitter = try Submitter(request)
    try submitter.alone { () throws(SweepError) in
      try submitter.refuseChangedImages(in: store)
      try submitter.refuseChangedAxes(in: store)
      try SweepRunner.register(request.plan, in: store)
      try store.register(dataSet: request.fingerprint, files: request.imageList)
      let draft = try submitter.draft(
        try store.cells(of: experiment.name), mayLackSlurm: printOnly)
      try report(draft)
      guard !draft.isEmpty else { return }
      try submitter.write(draft)
      if printOnly {
        try Output.write(Submitter.commands(for: draft))
      } else {
        let jobs = try submitter.submit(draft)
        try Output.write(
          "submitted: job \(jobs[0]), and job \(jobs[1]) that puts the results into \(self.store)\n"
        )
      }
    }
  }

  private var jobOptions: JobOptions {
    var options = JobOptions()
    options.partition = partition
    options.account = account
    options.time = time
    options.memory = mem
    options.processors = cpusPerTask
    options.maximumRunning = maxRunning
    options.warning = warnBefore
    options.extra = sbatchOptions
    return options
  }

  private func preview(_ request: Submitter.Request) throws {
    let submitter = try Submitter(request)
    let path = try ClusterFolder(store: store, experiment: request.plan.experiment.name)
    let records =
      access(store, F_OK) == 0
      ? try Store.read(store).cells(of: request.plan.experiment.name) : []
    let draft = try submitter.draft(records, mayLackSlurm: true)
    try report(draft)
    guard !draft.isEmpty else { return }
    for (name, script) in zip(["array.sh", "merge.sh"], draft.scripts) {
      try Output.write("\n# \(draft.folder)/\(name)\n\(script)")
    }
    for (index, cells) in draft.cells.enumerated() {
      try Output.write("\n# task \(index)\n\(cells.joined(separator: "\n"))\n")
    }
    try Output.write("\n# nothing was written below \(path.path)\n")
  }

  private func report(_ draft: Submitter.Draft) throws(SweepError) {
    for note in draft.notes { Output.note("sweep: \(note)\n") }
    let counts = draft.counts
    let all = counts.sent + counts.settled + counts.queued
    try Output.write(
      "\(Format.count(all, "cell")): \(counts.settled) done, \(counts.queued) queued, \(counts.sent) to send"
        + (draft.isEmpty ? "\n" : " in \(Format.count(draft.cells.count, "task"))\n"))
  }

  /// The absolute path of the program that nodes are to run.
  private static func place(of program: String?) throws(SweepError) -> String {
    if let program {
      guard program.hasPrefix("/") else {
        throw SweepError(
          .usage, at: "--program \(program)", "nodes need the whole path",
          advice: "begin it with a slash")
      }
      return program
    }
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else {
      throw SweepError(
        .runFailed, at: "/proc/self/exe", "cannot tell where this program lies",
        advice: "name it with --program")
    }
    return path
  }
}
