// swift-tools-version: 6.2
import PackageDescription

/// The oldest processor that the program runs on: `SWEEP_MARCH=x86-64-v2 swift build` sets another.
/// `sweep` checks at start-up that it runs on at least that one.
#if arch(x86_64)
  let march = "-march=\(Context.environment["SWEEP_MARCH"] ?? "x86-64-v3")"
  /// Whether the kernels are compiled for AVX-512 too; the program chooses when it starts.
  let hasWideKernels = true
#else
  let march = "-mcpu=\(Context.environment["SWEEP_MARCH"] ?? "native")"
  let hasWideKernels = false
#endif

/// What `make build` says the program is built from: recorded with every run.
let commit = Context.environment["SWEEP_COMMIT"]?.filter { "0123456789abcdef+".contains($0) } ?? ""
let provenance: [CSetting] = commit.isEmpty ? [] : [.define("SWEEP_COMMIT", to: "\"\(commit)\"")]

/// With `SWEEP_FUZZ` set all is built for libFuzzer and AddressSanitizer: see Fuzzing/README.md.
let isFuzzing = Context.environment["SWEEP_FUZZ"] != nil
let instrumented: [SwiftSetting] =
  isFuzzing ? [.unsafeFlags(["-sanitize=fuzzer,address", "-parse-as-library"])] : []
let instrumentedC: [CSetting] =
  isFuzzing
  ? [
    .unsafeFlags(["-fsanitize=fuzzer-no-link,address"]),
    .define("FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION"),
  ] : []

/// Clang may make one instruction of a product and a sum; Swift never does, and results must not
/// depend on it.
let uncontracted: [CSetting] = [.unsafeFlags(["-ffp-contract=off"])]

let strict: [SwiftSetting] =
  [.swiftLanguageMode(.v6), .treatAllWarnings(as: .error)] + instrumented
/// Loops over pixels and parameters are optimized in debug builds too, or the tests crawl.
let optimized = strict + [.unsafeFlags(["-O", "-wmo", "-num-threads", "2"])]
/// As above, and for the vectors of that processor.
let vectorized = optimized + [.unsafeFlags(["-Xcc", march])]
let kernels =
  strict + [.unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2", "-Xcc", march])]
/// The same sources once more, for vectors of 16 floats: their folders are symbolic links.
let wide: [SwiftSetting] = [
  .define("SWEEP_VECTOR_WIDTH_16"), .unsafeFlags(["-module-alias", "Kernels=Kernels16"]),
]

let package = Package(
  name: "sweep",
  products: [.executable(name: "sweep", targets: ["sweep"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/swhitty/FlyingFox", from: "0.27.1"),
  ],
  targets: [
    .target(
      name: "CImageCodecs", cSettings: instrumentedC + uncontracted,
      linkerSettings: ["png", "jpeg", "webpdemux", "webp"].map { .linkedLibrary($0) }),
    .target(name: "CProcessor", cSettings: [.unsafeFlags([march])] + uncontracted),

    .target(name: "CBuild", cSettings: provenance),
    .target(name: "CSignals"),

    .target(name: "Common", dependencies: ["CBuild"], swiftSettings: optimized),
    .target(name: "ElementaryFunctions", swiftSettings: vectorized),
    .target(
      name: "Networks", dependencies: ["Common"], resources: [.embedInCode("Tables")],
      swiftSettings: strict),
    .target(
      name: "Kernels", dependencies: ["Common", "CProcessor", "ElementaryFunctions", "Networks"],
      swiftSettings: kernels),
    .target(
      name: "Weights", dependencies: ["Common", "ElementaryFunctions", "Networks"],
      swiftSettings: optimized),
    .target(
      name: "Engine", dependencies: ["Common", "ElementaryFunctions", "Networks", "Weights"],
      swiftSettings: vectorized),
    .target(
      name: "CPUEngine", dependencies: ["Common", "Engine", "Kernels", "Networks", "Weights"],
      swiftSettings: optimized),
    .target(
      name: "Images", dependencies: ["CImageCodecs", "Common", "ElementaryFunctions"],
      swiftSettings: vectorized),
    .target(
      name: "DataSets", dependencies: ["Common", "ElementaryFunctions", "Images"],
      swiftSettings: optimized),
    .target(
      name: "Results", dependencies: ["Common", .product(name: "GRDB", package: "GRDB.swift")],
      resources: [.embedInCode("Schema")], swiftSettings: strict),
    .target(
      name: "Study",
      dependencies: [
        "Common", "CSignals", "DataSets", "ElementaryFunctions", "Engine", "Images", "Networks",
        "Results", "Weights",
      ],
      swiftSettings: strict),
    .target(
      name: "Reporting",
      dependencies: [
        "Common", "DataSets", "Engine", "Images", "Networks", "Results", "Study",
      ],
      resources: [.embedInCode("Page/Assets")], swiftSettings: optimized),
    .target(
      name: "Export", dependencies: ["Common", "Networks", "Weights"], swiftSettings: optimized),
    .target(
      name: "Serving",
      dependencies: [
        "Common", "Reporting", "Results", .product(name: "FlyingFox", package: "FlyingFox"),
      ],
      resources: [.embedInCode("Assets")], swiftSettings: strict),
    .target(
      name: "Cluster", dependencies: ["Common", "Engine", "Reporting", "Results", "Study"],
      swiftSettings: strict),
    .executableTarget(
      name: "sweep",
      dependencies: [
        "Cluster", "Common", "CPUEngine", "CProcessor", "DataSets", "Engine", "Export", "Images",
        "Networks", "Reporting", "Results", "Serving", "Study", "Weights",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: strict),

    .target(
      name: "TestSupport", dependencies: ["Common"], path: "Tests/TestSupport",
      swiftSettings: strict),
    .testTarget(name: "CommonTests", dependencies: ["Common"], swiftSettings: strict),
    .testTarget(
      name: "ElementaryFunctionsTests", dependencies: ["Common", "ElementaryFunctions"],
      swiftSettings: strict),
    .testTarget(
      name: "KernelsTests", dependencies: ["Common", "Kernels", "Networks"], swiftSettings: strict),
    .testTarget(
      name: "NetworksTests", dependencies: ["Common", "Networks", "TestSupport"],
      swiftSettings: strict),
    .testTarget(
      name: "WeightsTests", dependencies: ["Common", "Networks", "Weights"],
      swiftSettings: strict),
    .testTarget(
      name: "CPUEngineTests",
      dependencies: ["Common", "CPUEngine", "Engine", "Kernels", "Networks", "Weights"],
      resources: [.copy("Fixtures")],
      swiftSettings: vectorized),
    .testTarget(
      name: "ImagesTests", dependencies: ["DataSets", "Images", "Reporting"],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "ResultsTests", dependencies: ["Results"], resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "StudyTests",
      dependencies: [
        "Common", "DataSets", "Engine", "Images", "Networks", "Reporting", "Results", "Study",
        "Weights",
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ReportingTests",
      dependencies: ["Reporting", .product(name: "GRDB", package: "GRDB.swift")],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "ServingTests",
      dependencies: [
        "Common", "Reporting", "Results", "Serving",
        .product(name: "FlyingFox", package: "FlyingFox"),
      ],
      swiftSettings: strict),
    .testTarget(
      name: "ExportTests",
      dependencies: ["Common", "CPUEngine", "Engine", "Export", "Networks", "Weights"],
      resources: [.copy("Fixtures")],
      swiftSettings: strict),
    .testTarget(
      name: "ClusterTests", dependencies: ["Cluster", "Common", "CPUEngine", "Results", "Study"],
      swiftSettings: strict),
    .testTarget(
      name: "SweepTests",
      dependencies: [
        "Common", "CPUEngine", "Engine", "Networks", "Reporting", "Results", "Study", "sweep",
        "TestSupport", "Weights", .product(name: "GRDB", package: "GRDB.swift"),
      ],
      exclude: ["Fixtures"], swiftSettings: strict),
  ]
)

if hasWideKernels {
  package.targets += [
    .target(
      name: "Kernels16", dependencies: ["Common", "CProcessor", "ElementaryFunctions", "Networks"],
      swiftSettings: strict + [
        .unsafeFlags(["-Ounchecked", "-wmo", "-num-threads", "2", "-Xcc", "-march=x86-64-v4"])
      ] + wide),
    .target(
      name: "CPUEngine16", dependencies: ["Common", "Engine", "Kernels16", "Networks", "Weights"],
      swiftSettings: optimized + wide),
    .testTarget(
      name: "Kernels16Tests", dependencies: ["Common", "Kernels16", "Networks"],
      swiftSettings: strict + wide + [
        .unsafeFlags(["-module-alias", "KernelsTests=Kernels16Tests"])
      ]),
  ]
  for target in package.targets where target.name == "sweep" {
    target.dependencies.append("CPUEngine16")
    target.swiftSettings = (target.swiftSettings ?? []) + [.define("SWEEP_WIDE_KERNELS")]
  }
}

if isFuzzing {
  // The command has its own main.
  package.targets.removeAll {
    ["sweep", "Kernels16", "CPUEngine16"].contains($0.name) || $0.type == .test
  }
  package.products = []
  package.targets += [
    .target(name: "CFuzzer", path: "Fuzzing/CFuzzer"),
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "CFuzzer", "Common", "CPUEngine", "Engine", "Images", "Networks", "Reporting", "Results",
        "Study", "Weights",
        .product(name: "GRDB", package: "GRDB.swift"),
      ],
      path: "Fuzzing/Fuzz", swiftSettings: strict,
      linkerSettings: [.unsafeFlags(["-sanitize=fuzzer,address", "-use-ld=lld"])]),
  ]
}
