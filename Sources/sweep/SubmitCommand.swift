import ArgumentParser
import Cluster
import Common
import DataSets
import Foundation
import Images
import Results
import Study

struct SubmitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "submit",
    abstract: "Submit the cells of an experiment that are neither done nor queued to Slurm.",
    discussion: """
      Submits one job array. Each task trains cells of about the same total cost, grouped by resolution, into a store of \
      its own. A second job merges these stores when the array has ended. A task that is warned, before its time limit or \
      because it is preempted, saves its state and is queued again. A task that fails three times is given up; the others \
      continue. Put further options of sbatch after --.

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

  @Option(help: "The partition (default: Slurm's choice).")
  var partition: String?

  @Option(help: ArgumentHelp("The time limit of a task, such as 8:00:00.", valueName: "time"))
  var time: String?

  @Option(help: ArgumentHelp("Processors per task.", valueName: "n"))
  var cpusPerTask: Int?

  @Option(help: ArgumentHelp("Memory per task, such as 6G.", valueName: "size"))
  var mem: String?

  @Option(help: "The account to charge.")
  var account: String?

  @Option(help: ArgumentHelp("The largest number of tasks.", valueName: "k"))
  var maxTasks = 16

  @Option(help: ArgumentHelp("The largest number of tasks that run at a time.", valueName: "k"))
  var maxRunning: Int?

  @Option(
    help: ArgumentHelp(
      "How long before its time limit a task is warned; it must save all its cells in that time.",
      valueName: "seconds"))
  var warnBefore = 120

  @Option(help: ArgumentHelp("Time between two checkpoints.", valueName: "seconds"))
  var checkpointEvery = 300.0

  @Option(
    help: ArgumentHelp(
      "Copy the images once to this folder on each node's local disk; the node expands $NAME.",
      valueName: "folder"))
  var scratch: String?

  @Option(
    help: ArgumentHelp(
      "The program to run on nodes (default: the path of this one).", valueName: "path"))
  var program: String?

  @Option(
    help: ArgumentHelp("The store to collect results in.", valueName: "path"),
    completion: .file(extensions: ["sqlite"]))
  var store = Store.defaultPath

  @Flag(help: "Print the scripts; write and submit nothing.")
  var dryRun = false

  @Flag(help: "Write the scripts and print how to submit them.")
  var printOnly = false

  @Argument(parsing: .postTerminator, help: "Further sbatch options.")
  var sbatchOptions: [String] = []

  func validate() throws {
    for (option, value) in [
      ("cpus-per-task", cpusPerTask), ("max-tasks", maxTasks), ("max-running", maxRunning),
      ("warn-before", warnBefore),
    ] {
      if let value { try check(option, value, 1...Int.max) }
    }
    if !(checkpointEvery >= 0) { throw ValidationError("--checkpoint-every must be at least 0") }
    if dryRun && printOnly {
      throw ValidationError("use --dry-run or --print-only, not both")
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
          "submitted: job \(jobs[0]), and job \(jobs[1]) to merge the results into \(self.store)\n"
        )
        Next.note(Next("status", in: store, experiment: experiment.name))
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

  /// The absolute path of the program to run on nodes.
  private static func place(of program: String?) throws(SweepError) -> String {
    if let program {
      guard program.hasPrefix("/") else {
        throw SweepError(
          .usage, at: "--program \(program)", "nodes need an absolute path",
          advice: "start it with a slash")
      }
      return program
    }
    guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    else {
      throw SweepError(
        .runFailed, at: "/proc/self/exe", "cannot find the path of this program",
        advice: "give it with --program")
    }
    return path
  }
}
