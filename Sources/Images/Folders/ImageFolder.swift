import Common
import Foundation

/// One split of a data set in torchvision's `ImageFolder` layout: one folder of images per class.
///
/// Classes are the folder names sorted by code point; a class's images are the files with one of
/// ``extensions`` in its folder and below, in torchvision's order. A file's format is determined
/// when it is decoded.
package struct ImageFolder: Sendable, Equatable {
  package struct Sample: Sendable, Equatable {
    /// The path from the data set's root: `train/cat/1.jpg`.
    package let name: String
    /// The class index.
    package let label: Int32
  }

  /// The image extensions of torchvision, matched in any case.
  package static let extensions = [
    "jpg", "jpeg", "png", "ppm", "bmp", "pgm", "tif", "tiff", "webp",
  ]

  package let root, split: String
  package let classes: [String]
  /// All images, grouped by class.
  package let samples: [Sample]
  /// The unused contents, as paths from the root: hidden and system folders with a trailing slash,
  /// AppleDouble files, and files without an image extension.
  package let skipped: [String]
  /// The images that were left out on request, as paths from the root.
  package let excluded: [String]

  /// Lists `root`/`split` without opening files, except the images in `exclusions`.
  ///
  /// Throws `.badInput` if the folder is missing or has no class folders, or if a class has no
  /// images.
  package init(
    root: String, split: String, excluding exclusions: ExclusionList = ExclusionList([])
  ) throws(SweepError) {
    let folder = "\(root)/\(split)"
    for path in [root, folder] {
      try Folder.require(
        path, advice: "a data set is ROOT/\(split)/CLASS/IMAGE; `sweep data import` makes one")
    }
    let top = try FolderListing(of: folder)
    classes = top.ownFolders
    guard !classes.isEmpty else {
      throw SweepError(
        .badInput, at: folder, "it holds no class folders",
        advice: "make a folder of images for each class in it")
    }
    var samples: [Sample] = []
    var excluded: [String] = []
    var skipped = top.files.map { "\(split)/\($0)" }
    skipped += top.folders.filter(FolderListing.isSystemFolder).map { "\(split)/\($0)/" }
    for (label, name) in classes.enumerated() {
      let tree = try ClassTree(root: root, folder: "\(split)/\(name)")
      guard !tree.images.isEmpty else {
        throw SweepError(
          .badInput, at: "\(folder)/\(name)", "the class folder holds no images",
          advice: "put images into it or remove it")
      }
      let images = tree.images.map { Sample(name: $0, label: Int32(label)) }
      let used = exclusions.rest(of: images)
      guard !used.isEmpty else {
        throw SweepError(
          .badInput, at: "\(folder)/\(name)", "all images of the class are excluded",
          advice: "exclude fewer, or remove the class")
      }
      samples += used
      if used.count < images.count {
        let names = Set(used.map { Array($0.name.utf8) })
        excluded += images.map(\.name).filter { !names.contains(Array($0.utf8)) }
      }
      skipped += tree.skipped
    }
    self.root = root
    self.split = split
    self.samples = samples
    self.skipped = skipped
    self.excluded = excluded
  }

  /// Lists the folder at `path`, which contains the class folders.
  ///
  /// Throws as `init(root:split:)` does.
  package init(path: String) throws(SweepError) {
    try Folder.require(path, advice: "name one that holds a folder of images for each class")
    let name = path.lastPathPart
    if ["", ".", ".."].contains(name) {
      try self.init(root: path, split: ".")
    } else {
      let root = path.parentFolder
      try self.init(root: root.isEmpty ? "." : root, split: name)
    }
  }

  package func path(of sample: Sample) -> String { "\(root)/\(sample.name)" }
}

private struct ClassTree {
  private(set) var images: [String] = []
  private(set) var skipped: [String] = []

  init(root: String, folder: String) throws(SweepError) {
    var folders: [(name: String, files: [String])] = []
    try Self.walk(folder, root: root, within: [], into: &folders, skipped: &skipped)
    // This is the order of Python's sorted(os.walk(…)).
    for (name, files) in folders.sorted(by: { codePointOrder($0.name, $1.name) }) {
      for file in files {
        let suffix = file.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
        let isImage =
          file.contains(".") && ImageFolder.extensions.contains(suffix.lowercased())
          && !FolderListing.isAppleDouble(file)
        if isImage { images.append("\(name)/\(file)") } else { skipped.append("\(name)/\(file)") }
      }
    }
  }

  private static func walk(
    _ folder: String, root: String, within above: Set<[UInt64]>,
    into folders: inout [(name: String, files: [String])], skipped: inout [String]
  ) throws(SweepError) {
    var status = stat()
    stat("\(root)/\(folder)", &status)
    let identity = [UInt64(status.st_dev), UInt64(status.st_ino)]
    guard !above.contains(identity) else {
      throw SweepError(
        .badInput, at: "\(root)/\(folder)", "a link leads back to a folder above it",
        advice: "remove the link")
    }
    let listing = try FolderListing(of: "\(root)/\(folder)")
    folders.append((folder, listing.files))
    for name in listing.folders {
      if FolderListing.isSystemFolder(name) {
        skipped.append("\(folder)/\(name)/")
      } else {
        try walk(
          "\(folder)/\(name)", root: root, within: above.union([identity]),
          into: &folders, skipped: &skipped)
      }
    }
  }
}
