import Foundation
import Reporting

/// A page that lists the experiments of a store with links to their pages.
struct ExperimentList {
  let names: [String]

  var html: String {
    let items = names.map { name in
      let query = name.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
      return "<li><a href=\"/?experiment=\(query)\">\(Markup.escaped(name))</a></li>"
    }
    let list =
      names.isEmpty
      ? "<p>No experiment yet.</p>" : "<ul>\(items.joined(separator: "\n"))</ul>"
    return """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Experiments</title>
      </head>
      <body style="font: 16px/1.5 system-ui, sans-serif; max-width: 40rem; margin: 2rem auto; padding: 0 1rem">
      <h1>Experiments</h1>
      \(list)
      </body>
      </html>

      """
  }
}
