"""Commands of `aimscope`, each a thin layer over the pipeline and the inventory."""
