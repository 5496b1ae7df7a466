"""The weekly run: train, forecast, write the figures for the buyers."""

import argparse
from pathlib import Path

import pandas as pd
from safetensors.numpy import load_file

from demand_forecast.train import train

SEASONS = Path(__file__).parents[2] / "models" / "seasons.safetensors"


def main() -> None:
    arguments = argparse.ArgumentParser()
    arguments.add_argument("sales", type=Path)
    arguments.add_argument("out", type=Path)
    given = arguments.parse_args()
    sales = pd.read_csv(given.sales)
    seasons = load_file(SEASONS)["seasons"]
    sales["season"] = sales["week"].map(lambda week: float(seasons[week % len(seasons)]))
    model = train(sales)
    coming = sales.assign(week=sales["week"] + 1).drop(columns="sold")
    coming.assign(forecast=model.predict(coming)).to_csv(given.out, index=False)


if __name__ == "__main__":
    main()
