"""TensorFlow kernels behind layers, and no layer: what the worker of a grading run may see."""
