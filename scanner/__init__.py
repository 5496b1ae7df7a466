"""The face and the run: command line, settings, the pipeline, engines and reports."""

__version__ = "0.1.0"
