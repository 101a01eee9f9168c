"""TensorFlow kernels for layers of `dlseq` and Keras. A submission can import them, so no layer is defined here."""
