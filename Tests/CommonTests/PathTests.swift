import Common
import Testing

@Suite struct PathTests {
  @Test(arguments: [
    ("a", "", "a"), (".", "", "."), ("", "", ""), ("/", "/", ""), ("/a", "/", "a"),
    ("a/b", "a", "b"), ("a/b/", "a", "b"), ("a//b", "a", "b"), ("//a", "/", "a"),
    ("/é/ü.png", "/é", "ü.png"), ("../x", "..", "x"),
  ])
  func aPathFallsIntoFolderAndName(path: String, folder: String, name: String) {
    #expect(path.parentFolder == folder)
    #expect(path.lastPathPart == name)
  }
}
