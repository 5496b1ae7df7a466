"""Answers questions of customers from the articles of the help centre."""
