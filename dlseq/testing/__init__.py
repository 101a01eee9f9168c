"""Public API of graded tests: assertions, the submission proxy, the reference, gradients, rendered figures."""

from dlseq.testing.assertions import Mismatch, check, close, equal, shaped, unchanged, unpack

__all__ = ["Mismatch", "check", "close", "equal", "shaped", "unchanged", "unpack"]
