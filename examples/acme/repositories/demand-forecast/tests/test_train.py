import pandas as pd

from demand_forecast.train import train


def test_more_weeks_more_sold() -> None:
    sales = pd.DataFrame({"product": ["cup"] * 20, "week": range(20), "season": [1.0] * 20, "sold": range(20)})
    model = train(sales)
    assert model.predict(sales.tail(1).drop(columns="sold"))[0] > 10
