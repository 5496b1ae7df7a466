"""Bills of materials: CycloneDX and SPDX, each read into one shape."""
