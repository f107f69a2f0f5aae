"""`python -m analytics` is the `analytics` command."""

from analytics.cli import app

if __name__ == "__main__":
    app(prog_name="analytics")
