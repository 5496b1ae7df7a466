import app as recruiting


def test_an_application_is_needed() -> None:
    assert recruiting.app.test_client().post("/applications").status_code == 400
