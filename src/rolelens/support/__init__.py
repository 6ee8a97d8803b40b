"""What every room may use: packaged data, files that appear whole, page templates, text measured in columns."""
