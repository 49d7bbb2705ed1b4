import Common
import Testing

@testable import Cluster

@Suite struct BatchScriptTests {
  @Test(
    "Words that a shell would take apart are quoted",
    arguments: [
      ("/home/ann/sweep", "/home/ann/sweep"), ("a b", "'a b'"), ("it's", "'it'\\''s'"),
      ("$HOME", "'$HOME'"), ("a;rm -rf /", "'a;rm -rf /'"), ("", "''"), ("\"x\"", "'\"x\"'"),
      ("é", "'é'"), ("a#b", "'a#b'"),
    ])
  func words(text: String, quoted: String) {
    #expect(BatchScript.word(text) == quoted)
  }

  @Test("The array's script has what was asked for, and lets Slurm's signal reach the task")
  func array() throws {
    let site = try Site()
    let draft = try site.draft { request in
      request.maximumTasks = 2
      request.job.partition = "long"
      request.job.time = "8:00:00"
      request.job.memory = "6G"
      request.job.account = "vision"
      request.job.processors = 8
      request.job.maximumRunning = 1
      request.job.extra = ["--comment", "two words"]
    }
    let folder = site.submission
    #expect(
      draft.scripts[0] == """
        #!/bin/sh
        #SBATCH --chdir=\(folder)
        #SBATCH --partition=long
        #SBATCH --account=vision
        #SBATCH --time=8:00:00
        #SBATCH --mem=6G
        #SBATCH --job-name=sweep-trial
        #SBATCH --array=0-1%1
        #SBATCH --output=task-%a.log
        #SBATCH --open-mode=append
        #SBATCH --requeue
        #SBATCH --signal=B:TERM@120
        #SBATCH --cpus-per-task=8
        #SBATCH --comment 'two words'
        exec \(site.path)/program task \(folder) "$SLURM_ARRAY_TASK_ID"

        """)
    #expect(draft.scripts[1].contains("#SBATCH --partition=long"))
    #expect(draft.scripts[1].hasSuffix("exec \(site.path)/program collect \(folder)\n"))
  }

  @Test(
    "Time limits are read as Slurm reads them",
    arguments: [
      ("90", 5400), ("1:30", 90), ("8:00:00", 28800), ("1-0", 86400), ("1-2:30", 95400),
      ("0-0:1:5", 65), ("UNLIMITED", nil), ("", nil), ("1:2:3:4", nil), ("-5", nil),
    ] as [(String, Int?)])
  func times(text: String, seconds: Int?) {
    #expect(JobOptions.seconds(text) == seconds)
  }

  @Test("A time limit that is over before the warning is refused")
  func shortTime() throws {
    let site = try Site()
    let error = #expect(throws: SweepError.self) {
      _ = try site.submitter { $0.job.time = "1:00" }
    }
    #expect(error?.kind == .usage && error?.message.contains("warning time, 120 s") == true)
    _ = try site.submitter { $0.job.time = "10:00" }
  }

  @Test(
    "Options that sweep sets itself are refused",
    arguments: ["--array=1-2", "-a1", "--chdir", "-D/tmp", "--output=x", "--wrap=true"])
  func own(option: String) throws {
    let site = try Site()
    let error = #expect(throws: SweepError.self) {
      _ = try site.submitter { $0.job.extra = [option] }
    }
    #expect(error?.kind == .usage)
  }
}
