"""The price index of our basket: the weighted mean of scaled prices."""

import sys

import pandas as pd
from sklearn.preprocessing import StandardScaler


def index(prices: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    scaled = pd.DataFrame(StandardScaler().fit_transform(prices), index=prices.index, columns=prices.columns)
    return sum(scaled[product] * weight for product, weight in weights.items())


if __name__ == "__main__":
    prices = pd.read_csv(sys.argv[1], index_col="week")
    print(index(prices, {product: 1 / len(prices.columns) for product in prices.columns}).to_csv())
