"""A code host with hundreds of repositories: all listed, cloned and scanned, beside `git clone` of the same alone."""
