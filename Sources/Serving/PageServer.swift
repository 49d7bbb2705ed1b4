import Common
import FlyingFox
import FlyingSocks
import Foundation
import Reporting
import Results

/// Serves an experiment's page over HTTP on this machine only, and notifies open pages of changes.
package struct PageServer: Sendable {
  let store: String
  /// The experiment at `/`; nil for the only one, or a list if there are several.
  let experiment: String?
  let port: UInt16

  /// A server for the store at `store` on port `port` of 127.0.0.1; 0 means any free port.
  ///
  /// Throws if the store cannot be read or does not contain the experiment.
  package init(store: String, experiment: String?, port: UInt16) throws(SweepError) {
    self.store = store
    self.experiment = experiment
    self.port = port
    let names = try Store.read(store).experiments().map(\.name)
    if let experiment, !names.contains(experiment) {
      throw SweepError(
        .badInput, at: store, "the store has no experiment \"\(experiment)\"",
        advice: Spelling.advice(for: experiment, among: names))
    }
  }

  /// Serves until the task is canceled; `onListening` gets the address.
  ///
  /// Throws if the port is not available.
  package func run(onListening: @Sendable @escaping (String) -> Void) async throws(SweepError) {
    let server: HTTPServer
    do {
      let address = try sockaddr_in.inet(ip4: "127.0.0.1", port: port)
      server = HTTPServer(address: address, timeout: 120, logger: .disabled, handler: self)
    } catch {
      throw SweepError(
        .runFailed, at: "127.0.0.1", "cannot be used as an address: \(Self.reason(error))")
    }
    let notice = Task {
      try await server.waitUntilListening()
      if case .ip4(let address, let port)? = await server.listeningAddress {
        onListening("http://\(address):\(port)/")
      }
    }
    defer { notice.cancel() }
    do {
      try await server.run()
    } catch is CancellationError {
      return
    } catch {
      throw Self.failure(error, port: port)
    }
  }

  /// The error of a server that cannot listen or go on; another port helps only where the port is the
  /// cause.
  static func failure(_ error: any Error, port: UInt16) -> SweepError {
    let place = "127.0.0.1:\(port)"
    guard case SocketError.failed(_, let number, _) = error else {
      return SweepError(.runFailed, at: place, "cannot serve here: \(reason(error))")
    }
    guard number == EADDRINUSE || number == EACCES || number == EADDRNOTAVAIL else {
      return .system(number, at: place, "cannot serve here")
    }
    return SweepError(
      .runFailed, at: place, "cannot serve here: \(reason(error))",
      advice: "choose another port with --port", cause: .system(number))
  }

  private static func reason(_ error: any Error) -> String {
    if case SocketError.failed(_, let number, _) = error {
      return String(cString: strerror(number))
    }
    return error.localizedDescription
  }
}

extension PageServer: HTTPHandler {
  /// Handles a request: the page at `/`, events at `/events`.
  package func handleRequest(_ request: HTTPRequest) async throws -> HTTPResponse {
    // Another site could resolve its name to this address (DNS rebinding) to read the results.
    guard Self.isLocal(request.headers[.host] ?? "") else {
      return Self.text(.forbidden, "this server answers only to 127.0.0.1 and localhost\n")
    }
    guard request.method == .GET else { return Self.text(.methodNotAllowed, "only GET\n") }
    do {
      switch request.path {
      case "/": return try page(request.query["experiment"])
      case "/events": return try events()
      default: return Self.text(.notFound, "not found; the page is at /\n")
      }
    } catch {
      return Self.text(.internalServerError, "\(error)\n")
    }
  }

  private func page(_ name: String?) throws(SweepError) -> HTTPResponse {
    let store = try Store.read(store)
    let names = try store.experiments().map(\.name)
    if let name, !names.contains(name) {
      return Self.text(.notFound, "the store holds no experiment of that name\n")
    }
    guard let chosen = name ?? experiment ?? (names.count == 1 ? names.first : nil) else {
      return Self.html(Self.list(names))
    }
    let page = Page(try Evidence(of: chosen, in: store), refresh: .events(path: "/events"))
    return Self.html(page.html)
  }

  /// A page with links to the experiments' pages.
  static func list(_ names: [String]) -> String {
    let items = names.map { name in
      let query = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      return "<li><a href=\"/?experiment=\(query)\">\(Markup.escaped(name))</a></li>"
    }
    let list =
      names.isEmpty ? "<p>No experiment yet.</p>" : "<ul>\(items.joined(separator: "\n"))</ul>"
    return Markup.fill(PackageResources.experiments_html, ["list": list])
  }

  private func events() throws(SweepError) -> HTTPResponse {
    let changes = StoreChanges(store: try Store.read(store))
    return HTTPResponse(
      statusCode: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"],
      body: HTTPBodySequence(from: changes))
  }

  /// Whether a request's Host names this machine's own interface, with or without a port.
  static func isLocal(_ host: String) -> Bool {
    let name = host.split(separator: ":", omittingEmptySubsequences: false).first.map(String.init)
    return name == "127.0.0.1" || name?.lowercased() == "localhost"
  }

  private static func html(_ text: String) -> HTTPResponse {
    response(.ok, "text/html; charset=utf-8", text)
  }

  private static func text(_ status: HTTPStatusCode, _ text: String) -> HTTPResponse {
    response(status, "text/plain; charset=utf-8", text)
  }

  private static func response(
    _ status: HTTPStatusCode, _ type: String, _ text: String
  ) -> HTTPResponse {
    HTTPResponse(
      statusCode: status,
      headers: [
        .contentType: type, .cacheControl: "no-store",
        HTTPHeader("X-Content-Type-Options"): "nosniff",
      ], body: Data(text.utf8))
  }
}
