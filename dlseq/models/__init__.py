"""One module per task: builds, trains, saves, loads, predicts."""
