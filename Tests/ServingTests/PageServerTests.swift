import Common
import FlyingFox
import FlyingSocks
import Foundation
import Results
import Testing

@testable import Serving

/// A store in a folder of its own, there for one test.
private final class Scratch: Sendable {
  let store: Store
  private let folder: String

  init(_ names: [String]) throws {
    let memory = "/dev/shm/"
    let parent = access(memory, W_OK) == 0 ? memory : NSTemporaryDirectory()
    folder = parent + "sweep-serving-\(UUID().uuidString)"
    store = try Store.open(folder + "/sweep.sqlite")
    for name in names { try add(name) }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  func add(_ name: String) throws {
    try store.register(
      ExperimentDescription(
        name: name, file: "{}", folder: name,
        cells: [
          CellDescription(
            id: "mobilenet_v1-w1.0-r96-s0", model: "mobilenet_v1", width: 1, resolution: 96,
            seed: 0,
            params: 10, macs: 20, flops: 40, thopMACs: nil, epochs: 1)
        ]))
  }

  func server(experiment: String? = nil) throws(SweepError) -> PageServer {
    try PageServer(store: store.path, experiment: experiment, port: 0)
  }
}

@Suite struct PageServerTests {
  private func answer(
    _ server: PageServer, _ path: String, query: [HTTPRequest.QueryItem] = [],
    host: String = "127.0.0.1:8080", method: HTTPMethod = .GET
  ) async throws -> (status: Int, text: String) {
    let request = HTTPRequest(
      method: method, version: .http11, path: path, query: query, headers: [.host: host],
      body: Data())
    let response = try await server.handleRequest(request)
    return (response.statusCode.code, String(decoding: try await response.bodyData, as: UTF8.self))
  }

  @Test func theOnlyExperimentIsThePage() async throws {
    let scratch = try Scratch(["animals10"])
    let (status, text) = try await answer(scratch.server(), "/")
    #expect(status == 200)
    #expect(text.contains("<h1>animals10</h1>") && text.contains("data-events=\"/events\""))
  }

  @Test func severalExperimentsAreListedAndEachHasItsPage() async throws {
    let scratch = try Scratch(["one", "two & <three>"])
    let list = try await answer(scratch.server(), "/")
    #expect(
      list.text.contains("href=\"/?experiment=two%20%26%20%3Cthree%3E\">two &amp; &lt;three&gt;<"))
    let query = [HTTPRequest.QueryItem(name: "experiment", value: "two & <three>")]
    let page = try await answer(scratch.server(), "/", query: query)
    #expect(page.text.contains("<h1>two &amp; &lt;three&gt;</h1>"))
    let chosen = try await answer(scratch.server(experiment: "one"), "/")
    #expect(chosen.text.contains("<h1>one</h1>"))
  }

  @Test(arguments: [
    ("127.0.0.1", 200), ("localhost:8080", 200), ("LOCALHOST", 200), ("example.org", 403),
    ("127.0.0.1.example.org:8080", 403), ("", 403),
  ])
  func onlyThisMachineIsAnswered(host: String, status: Int) async throws {
    let scratch = try Scratch(["animals10"])
    #expect(try await answer(scratch.server(), "/", host: host).status == status)
  }

  @Test func whatIsNotThereIsSaidPlainly() async throws {
    let scratch = try Scratch(["animals10"])
    let server = try scratch.server()
    #expect(try await answer(server, "/../etc/passwd").status == 404)
    #expect(try await answer(server, "/", method: .POST).status == 405)
    let query = [HTTPRequest.QueryItem(name: "experiment", value: "animals")]
    #expect(try await answer(server, "/", query: query).status == 404)
  }

  @Test func aMistypedExperimentIsAnsweredWithTheNearest() throws {
    let scratch = try Scratch(["animals10"])
    do throws(SweepError) {
      _ = try scratch.server(experiment: "animal10")
      Issue.record("it was taken")
    } catch {
      #expect(error.advice == "did you mean \"animals10\"?")
    }
  }

  @Test func aChangeOfTheStoreIsAnEvent() async throws {
    let scratch = try Scratch(["animals10"])
    var events = StoreChanges(store: try Store.read(scratch.store.path)).makeAsyncIterator()
    let first = try #require(try await events.nextBuffer(suggested: 4096))
    #expect(String(decoding: first, as: UTF8.self) == "retry: 2000\n\n")
    try scratch.add("another")
    let second = try #require(try await events.nextBuffer(suggested: 4096))
    let text = String(decoding: second, as: UTF8.self)
    #expect(text.hasPrefix("event: change\ndata: ") && text.hasSuffix("\n\n"))
  }

  @Test(arguments: [
    (EADDRINUSE, "choose another port with --port"), (EACCES, "choose another port with --port"),
    (EMFILE, "raise the limit on open files (ulimit -n) and run the command again"), (EPIPE, ""),
  ])
  func theAdviceFitsWhatEndsTheServer(number: Int32, advice: String) {
    let error = PageServer.failure(
      SocketError.failed(type: "Listen", errno: number, message: ""), port: 8080)
    #expect(error.advice == advice)
    #expect(error.message == "cannot serve here: \(String(cString: strerror(number)))")
  }

  @Test func aServerIsReachedOverItsPort() async throws {
    let scratch = try Scratch(["animals10"])
    let server = try scratch.server()
    let (addresses, announce) = AsyncStream.makeStream(of: String.self)
    let task = Task { try await server.run { announce.yield($0) } }
    var iterator = addresses.makeAsyncIterator()
    let address = try #require(await iterator.next())
    let url = try #require(URL(string: address))
    let request = HTTPRequest(
      method: .GET, version: .http11, path: "/", query: [],
      headers: [.host: "127.0.0.1:\(url.port ?? 0)"], body: Data())
    var client = HTTPClient()
    let response = try await client.sendHTTPRequest(
      request, to: .inet(ip4: "127.0.0.1", port: UInt16(url.port ?? 0)))
    #expect(response.statusCode == .ok)
    #expect(String(decoding: try await response.bodyData, as: UTF8.self).contains("<h1>animals10"))
    task.cancel()
    _ = await task.result
  }
}
