"""What leaves the laboratory: reports from the notebooks, sheets of a territory, the page of the simulator."""
