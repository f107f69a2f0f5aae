"""The engine: SQL files in, immutable Parquet results out, one published run at a time."""
