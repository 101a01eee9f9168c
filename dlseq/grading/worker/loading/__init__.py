"""Loading of a submission's file: its statements run one after the other, each within a time limit."""
