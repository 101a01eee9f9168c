"""Reviews with 1 to 5 stars: a generator with negation, intensity, contrast and scope, and CSV files."""

from dlseq.data.reviews.csv_file import read_review_csv, split_reviews
from dlseq.data.reviews.generator import SPLITS, Review, doubtful_texts, reviews

__all__ = ["SPLITS", "Review", "doubtful_texts", "read_review_csv", "reviews", "split_reviews"]
