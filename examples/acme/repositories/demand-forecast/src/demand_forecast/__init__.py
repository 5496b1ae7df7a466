"""Forecasts the sales of next week."""
