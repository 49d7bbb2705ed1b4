import ArgumentParser
import Common
import Dispatch
import Results
import Serving
import Synchronization

struct ServeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract:
      "Serve an experiment's page over HTTP on this machine; open pages follow a running sweep.",
    discussion: """
      Only this machine can reach the server. From another one, run ssh -L 8080:127.0.0.1:8080 HOST and open the address \
      there. Ctrl-C stops the server.

      Examples:
        sweep serve
        sweep serve --experiment animals10 --port 9000
      """)

  @OptionGroup var stored: StoreOptions

  @Option(help: "The port; 0 for any free one.")
  var port: UInt16 = 8080

  func run() throws {
    let server = try PageServer(store: stored.store, experiment: stored.experiment, port: port)
    let outcome = Outcome()
    let end = DispatchSemaphore(value: 0)
    Task {
      do throws(SweepError) {
        try await server.run { Output.note("serving \($0)\n") }
      } catch {
        outcome.error.withLock { $0 = error }
      }
      end.signal()
    }
    end.wait()
    if let error = outcome.error.withLock({ $0 }) { throw error }
  }

  private final class Outcome: Sendable {
    let error = Mutex<SweepError?>(nil)
  }
}
