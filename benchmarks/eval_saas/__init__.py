"""How well names of products that people typed are matched to the catalog of products, beside other name lists."""
