extension Schema {
  /// When a sweep was last seen at work.
  static let version4: Migration = """
    ALTER TABLE sweeps ADD COLUMN
      beat_at TEXT;  -- UTC, by its machine's clock, to tell people; NULL: never seen
    """
}
