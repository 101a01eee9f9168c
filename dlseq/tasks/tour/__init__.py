"""Tour of the types of recurrent networks: applications on held-out data, each beside a baseline."""

from dlseq.tasks.tour.demonstration import Demonstration
from dlseq.tasks.tour.page import tour_page
from dlseq.tasks.tour.stops import TOUR, TourResult, TourStop, run_tour

__all__ = ["TOUR", "Demonstration", "TourResult", "TourStop", "run_tour", "tour_page"]
