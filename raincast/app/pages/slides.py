from raincast.app.here import Here
def show(here: Here) -> None:
    pass
